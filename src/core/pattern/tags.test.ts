import assert from "node:assert/strict";
import { test } from "node:test";
import { compilePattern, GAVE_UP, type Pattern } from "./index.ts";

function pattern(source: string, usedns: "warn" | "no" = "warn"): Pattern {
  const compiled = compilePattern(source, { usedns, multiline: false });
  assert.ok(compiled.ok, compiled.ok ? "" : compiled.message);
  return compiled.pattern;
}

function fields(source: string, text: string): Record<string, string> | null {
  const compiled = pattern(source);
  const found = compiled.exec(text);
  assert.ok(found !== GAVE_UP);
  if (found === null) return null;
  const entries = compiled.groups.map((name) => [name, found.get(name)] as const);
  return Object.fromEntries(entries.flatMap(([name, value]) => (value === undefined ? [] : [[name, value]])));
}

/** Groups that each tag makes (engine.md §2.1). */
const GROUPS: readonly (readonly [string, readonly string[]])[] = [
  ["<IP4>", ["ip4"]],
  ["<F-IP4/>", ["ip4"]],
  ["<IP6>", ["ip6"]],
  ["<F-IP6/>", ["ip6"]],
  ["<DNS>", ["dns"]],
  ["<F-DNS/>", ["dns"]],
  ["<ADDR>", ["ip4", "ip6"]],
  ["<F-ADDR/>", ["ip4", "ip6"]],
  ["<HOST>", ["ip4", "ip6", "dns"]],
  ["<CIDR>", ["cidr"]],
  ["<F-CIDR/>", ["cidr"]],
  ["<SUBNET>", ["ip4", "ip6", "cidr"]],
  ["<F-SUBNET/>", ["ip4", "ip6", "cidr"]],
  ["<F-ID/>", ["fid"]],
  ["<F-PORT/>", ["fport"]],
  ["<F-ID>x</F-ID>", ["fid"]],
  ["<F-PORT>x</F-PORT>", ["fport"]],
  ["<F-USER>x</F-USER>", ["user"]],
  ["<F-ALT_USER_1>x</F-ALT_USER_1>", ["alt_user_1"]],
  ["a<SKIPLINES>b<SKIPLINES>c", ["skiplines0", "skiplines1"]],
];

test("each tag makes its groups", () => {
  for (const [source, groups] of GROUPS) assert.deepEqual(pattern(source).groups, groups, source);
  assert.deepEqual(pattern("<HOST>", "no").groups, ["ip4", "ip6"]);
});

/** Tags that mean nothing in an expression match themselves. */
test("unknown tags and those in lower case are literal text", () => {
  for (const tag of ["<fid>", "<host>", "<ip>", "<F-HOST/>", "<F-NOPE/>", "</F-USER>", "<Host>"]) {
    assert.equal(pattern(`^${tag}$`).expanded, `^${tag}$`);
    assert.deepEqual(fields(`^${tag}$`, `${tag}\n`), {}, tag);
  }
});

test("closing tags pair by text, so crossed ones still close what is open", () => {
  assert.equal(pattern("<F-A>1<F-B>2</F-A>3</F-B>").expanded, "(?P<a>1(?P<b>2)3)");
  assert.deepEqual(fields("<F-A>1<F-B>2</F-A>3</F-B>", "123"), { a: "123", b: "2" });
});

test("a name that is opened twice is refused in Python's words", () => {
  const twice = compilePattern("<HOST> <IP4>", { usedns: "no", multiline: false });
  assert.ok(
    !twice.ok && /redefinition of group name 'ip4' as group 3; was group 1 at position \d+$/.test(twice.message),
  );
  const hyphen = compilePattern("<F-MY-NAME>x</F-MY-NAME>", { usedns: "no", multiline: false });
  assert.ok(!hyphen.ok && hyphen.message.endsWith("bad character in group name 'my-name' at position 4"));
});

test("flags right after an opening bracket are scoped to it", () => {
  assert.equal(pattern("x((?i)a|b)").expanded, "x(?i:a|b)");
  assert.equal(pattern("x(?:(?i)a|b)").expanded, "x(?i:a|b)");
  assert.deepEqual(fields("x((?i)a)Y", "xAY"), {});
  assert.equal(fields("x((?i)a)Y", "xAy"), null);
  const escaped = compilePattern(String.raw`x\((?i)a`, { usedns: "no", multiline: false });
  assert.ok(!escaped.ok && escaped.message.endsWith("global flags not at the start of the expression at position 3"));
});

test("skipped lines are whole lines, as few as possible", () => {
  const found = fields("^a<SKIPLINES>b<F-ID>c</F-ID>", "a\nx\ny\nbc\nbc\n");
  assert.deepEqual(found, { skiplines0: "x\ny\n", fid: "c" });
});
