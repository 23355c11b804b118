import assert from "node:assert/strict";
import { test } from "node:test";
import { compilePattern, noIdMessage } from "./index.ts";

function complaint(source: string): string {
  const compiled = compilePattern(source, { usedns: "warn", multiline: false });
  return compiled.ok ? "" : compiled.message;
}

test("an empty expression is refused", () => {
  assert.equal(complaint(""), "Cannot add empty regex");
  assert.equal(complaint(" \t"), "Cannot add empty regex");
});

test("what Python would not compile is refused with the expanded expression and Python's reason", () => {
  assert.equal(
    complaint("(<F-ID/>"),
    String.raw`Unable to compile regular expression '((?P<fid>\S+)':` +
      "\nmissing ), unterminated subpattern at position 0",
  );
});

test("a failregex without an id is told by hasId, and the words are fail2ban's", () => {
  const id = (source: string): boolean => {
    const compiled = compilePattern(source, { usedns: "warn", multiline: false });
    assert.ok(compiled.ok);
    return compiled.pattern.hasId;
  };
  for (const source of ["<HOST>", "<F-ID/>", "<F-MLFID>x</F-MLFID>", "(?P<dns>x)", "<IP6>"])
    assert.equal(id(source), true);
  for (const source of ["x", "(?P<host>x)", "<F-USER>x</F-USER>", "<F-ALT_ID>x</F-ALT_ID>"])
    assert.equal(id(source), false);
  const compiled = compilePattern("^a <F-USER>b</F-USER>", { usedns: "warn", multiline: false });
  assert.ok(compiled.ok);
  assert.equal(noIdMessage(compiled.pattern), "No failure-id group in '^a (?P<user>b)'");
});

test("multiline lets ^ and $ match at line ends", () => {
  const at = (multiline: boolean): number | undefined => {
    const compiled = compilePattern("^b$", { usedns: "warn", multiline });
    assert.ok(compiled.ok);
    const found = compiled.pattern.exec("a\nb\nc\n");
    return found === null || found === "gave up" ? undefined : found.start;
  };
  assert.equal(at(true), 2);
  assert.equal(at(false), undefined);
});

test("expressions beyond the limits are refused, not tried", () => {
  assert.match(complaint("a".repeat(70_000)), /longer than 65536 characters$/);
  assert.match(complaint("(".repeat(300) + ")".repeat(300)), /nested more than 200 deep$/);
});

test("the first characters are known for expressions bound to the start", () => {
  const first = (source: string): string | null => {
    const compiled = compilePattern(source, { usedns: "warn", multiline: false });
    assert.ok(compiled.ok);
    const codes = compiled.pattern.firstChars;
    return codes === null ? null : String.fromCharCode(...[...codes].toSorted((a, b) => a - b));
  };
  assert.equal(first("^Failed x"), "F");
  assert.equal(first("^(?:error: )?(?:a|[bc]) x"), "abce");
  assert.equal(first("^(?i)a".replace("^(?i)a", "(?i)^a")), "Aa");
  assert.equal(first("Failed"), null);
  assert.equal(first("^.x"), null);
  assert.equal(first("^\\s*"), null);
});

test("the same source with the same options is compiled once as long as somebody has it", () => {
  const [first, again, other] = [
    compilePattern("^once <HOST>$", { usedns: "warn", multiline: false }),
    compilePattern("^once <HOST>$", { usedns: "warn", multiline: false }),
    compilePattern("^once <HOST>$", { usedns: "no", multiline: false }),
  ];
  assert.ok(first.ok && again.ok && other.ok);
  assert.equal(first.pattern, again.pattern);
  assert.notEqual(first.pattern, other.pattern);
});
