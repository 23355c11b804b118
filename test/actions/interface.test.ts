/** Our stock actions offer what those of the original offer (engine.md §9): names, operations, parameters. */
import assert from "node:assert/strict";
import { existsSync, mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, describe, test } from "node:test";
import { complaintsAbout } from "../../src/core/action/index.ts";
import { readSettings, STOCK_ACTIONS } from "../stage/actions/scene.ts";
import { STOCK } from "./stock.ts";

const folder = mkdtempSync(join(tmpdir(), "f2bstock-"));
after(() => rmSync(folder, { recursive: true, force: true }));

const WORLD = { jail: "web", hosts: { full: "host.example", short: "host" }, ipv6: true };

describe("stock actions", () => {
  for (const { name, operations, parameters } of STOCK)
    test(`${name} has its operations and parameters`, () => {
      assert.ok(existsSync(join(STOCK_ACTIONS, `${name}.conf`)), `there is no ${name}.conf`);
      const settings = readSettings(folder, "web", name, {});
      assert.deepEqual(complaintsAbout(settings, WORLD), []);
      const lacking = [...words(operations), ...words(parameters).flatMap(keysOf)].filter(
        (key) => !settings.properties.has(key),
      );
      assert.deepEqual(lacking, []);
    });

  test("are all those of the catalogue, and ours beside them", () => {
    const known = new Set(STOCK.map(({ name }) => name));
    const others = readdirSync(STOCK_ACTIONS)
      .filter((file) => file.endsWith(".conf"))
      .map((file) => file.slice(0, -".conf".length))
      .filter((name) => !known.has(name));
    assert.deepEqual(others.toSorted(), ["address-common", "cloudflare-list", "docker-user", "report-common"]);
  });
});

const words = (text: string): readonly string[] => text.split(" ").filter((word) => word !== "");

const keysOf = (parameter: string): readonly string[] =>
  parameter.endsWith("?6") ? [parameter.slice(0, -2), `${parameter.slice(0, -2)}?family=inet6`] : [parameter];
