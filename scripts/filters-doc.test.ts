/** docs/filters.md says what the filters' own comments say, and each filter has the comments and the sample that it needs. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { currentDocument, filtersDocument, headOf, jailsByFilter, readFromProject } from "./filters-doc.ts";

test("docs/filters.md is up to date", () => {
  assert.equal(readFromProject("docs/filters.md"), currentDocument(), "run: node scripts/filters-doc.ts");
});

test("each filter has a summary, and each filter of a service a sample line", () => {
  const [filters = ""] = currentDocument().split("\n# Files that filters include\n");
  const chapters = filters.split("\n## ").slice(1);
  assert.ok(chapters.length > 100);
  const bare = chapters.filter((chapter) => !/^\S+\n\n\S/.test(chapter) || !chapter.includes("```text\n"));
  assert.deepEqual(
    bare.map((chapter) => chapter.split("\n")[0]),
    [],
  );
});

test("the head of a filter has a summary, options with a meaning of one or more lines, and remarks", () => {
  const text = [
    "# A service:",
    "# its log.",
    "#",
    "# mode        normal: one thing.",
    "#             more: another.",
    "# _daemon     who",
    "#",
    "# A remark.",
    "",
    "# no head",
  ].join("\n");
  assert.deepEqual(headOf(text), {
    summary: "A service: its log.",
    options: [
      { name: "mode", meaning: "normal: one thing. more: another." },
      { name: "_daemon", meaning: "who" },
    ],
    remarks: ["A remark."],
  });
});

test("a jail uses the filter of its name unless it says another", () => {
  const config = "[DEFAULT]\nfilter = %(__name__)s\n[sshd]\nport = ssh\n[postfix-sasl]\nfilter = postfix[mode=auth]\n";
  assert.deepEqual(
    [...jailsByFilter(config)],
    [
      ["sshd", ["sshd"]],
      ["postfix", ["postfix-sasl"]],
    ],
  );
});

test("a chapter has summary, options, remarks, jails and the first sample that is a failure", () => {
  const files = new Map([
    ["config/filter.d/x.conf", "# A <b> service.\n#\n# mode   a: *one*. b, c: other.\n# who    name\n#\n# A remark.\n"],
    ["config/jail.conf", "[x]\n[y]\nfilter = x\n"],
    ["test/samples/x.log", '# failJSON: {"match": false}\nfine\n# failJSON: {"match": true}\nfailed\n'],
  ]);
  const text = filtersDocument(["x"], (path) => files.get(path) ?? null);
  assert.ok(
    text.includes(
      "## x\n\nA \\<b> service.\n\n- `mode`:\n  - `a`: \\*one\\*.\n  - `b`, `c`: other.\n- `who`: name\n\nA remark.\n\nJails: `x`, `y`.\n\n```text\nfailed\n```\n",
    ),
  );
});
