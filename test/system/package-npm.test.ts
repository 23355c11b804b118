/** The same programs by npm: what `npm pack` packs is installed elsewhere and runs, without the source and without anything of this project. */
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { mkdtempSync, readdirSync, rmSync, symlinkSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, describe, test } from "node:test";
import { VERSION } from "../../src/base/index.ts";
import { project } from "./package-build.ts";

const folder = mkdtempSync(join(tmpdir(), "fail2ban-ts-npm-"));
const online = spawnSync("npm", ["ping", "--fetch-retries=0"], { encoding: "utf8" }).status === 0;

function run(program: string, words: readonly string[], cwd = folder): string {
  const said = spawnSync(program, words, { encoding: "utf8", cwd });
  assert.equal(said.status, 0, `${program} ${words.join(" ")}: ${said.stdout}${said.stderr}`);
  return said.stdout;
}

describe("the tarball of npm", { skip: online ? false : "needs npm's registry" }, () => {
  after(() => rmSync(folder, { recursive: true, force: true }));

  test("is installed by npm -g, and brings the three programs", () => {
    run("npm", ["pack", "--pack-destination", folder], project);
    const tarball = readdirSync(folder).find((name) => name.endsWith(".tgz")) ?? "";
    run("npm", ["install", "-g", "--prefix", join(folder, "prefix"), "--no-audit", "--no-fund", join(folder, tarball)]);
    for (const name of ["server", "client", "regex"])
      assert.equal(run(join(folder, "prefix/bin", `fail2ban-${name}`), ["-V"]).trim(), VERSION);
  });

  test("reads the configuration that it carries", () => {
    const config = join(folder, "prefix/lib/node_modules/fail2ban-ts/config");
    symlinkSync(config, join(folder, "config"));
    assert.match(run(join(folder, "prefix/bin/fail2ban-client"), ["-c", config, "-d"]), /'sshd'/);
    const line = "Nov 22 10:00:05 web1 sshd[812]: Failed password for root from 192.0.2.7 port 40312 ssh2";
    assert.equal(
      run(join(folder, "prefix/bin/fail2ban-regex"), ["-c", config, "-o", "ip", line, "sshd"]).trim(),
      "192.0.2.7",
    );
  });

  test("carries no source and nothing for developers", () => {
    const top = readdirSync(join(folder, "prefix/lib/node_modules/fail2ban-ts")).filter(
      (name) => name !== "node_modules",
    );
    assert.deepEqual(top.toSorted(), ["LICENSE", "README.md", "bin", "config", "dist", "docs", "package.json"]);
  });
});
