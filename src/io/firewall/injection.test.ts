/**
 * Values that an attacker wrote never become a command (engine.md §6.6): every dynamic tag, in every position, through real shells.
 * A canary file would be made by any command that gets through.
 */
import assert from "node:assert/strict";
import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import fc from "fast-check";
import { DYNAMIC_TAGS, fillTags, tagReader } from "../../core/action/index.ts";
import type { Ban } from "../../base/index.ts";
import { hostile } from "../../../test/agree/actions/hostile.ts";
import { shellRunner } from "./run.ts";

const folder = mkdtempSync(join(tmpdir(), "f2binject-"));
after(() => rmSync(folder, { recursive: true, force: true }));
const canary = join(folder, "canary");

const HOSTILE = hostile(canary);

const FIELDS = ["F-USER", "F-ID", "F-*", "F-MATCHES", "F-LIST"];
const TAGS = [...DYNAMIC_TAGS.map((tag) => tag.name), ...FIELDS];

/** Unquoted, in double quotes, in single quotes, inside a word, in an assignment, as a command's argument list, in a here-document. */
const POSITIONS: readonly ((tag: string) => string)[] = [
  (tag) => `printf %s <${tag}>`,
  (tag) => `printf %s "<${tag}>"`,
  (tag) => `printf %s '<${tag}>'`,
  (tag) => `printf %s a<${tag}>b "c<${tag}>d"`,
  (tag) => `x="<${tag}>"; printf %s "$x"`,
  (tag) => `x=<${tag}> true || true`,
  (tag) => `cat <<EOF\n<${tag}>\nEOF`,
  (tag) => `printf %s "$(printf %s "<${tag}>")"`,
  (tag) => `[ "<${tag}>" = x ] || case x<${tag}> in y) ;; esac`,
];

function banOf(value: string): Ban {
  return {
    jail: "j",
    who: { key: value, address: null },
    since: 1,
    lasts: 600,
    count: 1,
    failures: 3,
    matches: [value, ["a", value, "b"]],
    fields: { user: value, fid: value, list: [value, value], [value.slice(0, 50)]: value },
    restored: false,
  };
}

const counts = { banned: 0, bannedTotal: 0, found: 0, foundTotal: 0 };

function scriptFor(tags: readonly string[], position: (tag: string) => string, value: string) {
  const source = {
    jail: value,
    bantime: 600,
    counts: () => counts,
    merged: () => ({ matches: [value], failures: 1 }),
    hostOf: () => value,
  };
  const text = tags.map((tag) => position(tag)).join("\n");
  return fillTags(text, tagReader({ ban: banOf(value), family: "", now: 1, source }));
}

const SHELLS = ["/bin/sh", "/bin/bash"].filter((shell) => existsSync(shell));

for (const shell of SHELLS)
  test(`no value of any tag becomes a command in ${shell}`, async () => {
    const runner = shellRunner({ log: () => {}, cwd: folder, shell });
    for (const value of HOSTILE) {
      const script = scriptFor(TAGS, (tag) => POSITIONS.map((position) => position(tag)).join("\n"), value);
      const ran = await runner.run({
        script: { ...script, text: `${script.text}\necho; echo the end` },
        input: null,
        timeout: 60,
        quiet: true,
      });
      assert.equal(existsSync(canary), false, JSON.stringify(value.slice(0, 80)));
      assert.equal(ran.ok, true, `${JSON.stringify(value.slice(0, 80))}: ${ran.stderr.slice(-300)}`);
    }
  });

test("the canary would be found: a value put into the text as it is makes it", async () => {
  const runner = shellRunner({ log: () => {}, cwd: folder });
  await runner.run({
    script: { text: `printf %s "${HOSTILE[0]}"`, values: [] },
    input: null,
    timeout: 20,
    quiet: true,
  });
  assert.equal(existsSync(canary), true);
  rmSync(canary);
});

test("a value in double quotes arrives as it was, whatever it holds", async () => {
  const runner = shellRunner({ log: () => {}, cwd: folder });
  await fc.assert(
    fc.asyncProperty(
      fc.array(
        fc.oneof(
          fc.constantFrom(...HOSTILE.filter((value) => value.length < 100)),
          fc.string({ unit: "binary", maxLength: 20 }),
        ),
        { maxLength: 4 },
      ),
      async (parts) => {
        const value = parts.join("");
        const ran = await runner.run({
          script: scriptFor(["F-USER"], (tag) => `printf '%s' "<${tag}>"`, value),
          input: null,
          timeout: 20,
          quiet: true,
        });
        assert.equal(ran.stdout, value.replaceAll("\0", "").toWellFormed());
      },
    ),
    { numRuns: 60 },
  );
  assert.equal(existsSync(canary), false);
});
