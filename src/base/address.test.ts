import assert from "node:assert/strict";
import { isIP } from "node:net";
import { test } from "node:test";
import fc from "fast-check";
import { covers, isSingle, networkOf, parseAddress, reverseName } from "./address.ts";

/** engine.md §2.2, last column: text → canonical text, or null where it is no address. */
const ACCEPTED: readonly (readonly [text: string, canonical: string | null])[] = [
  ["1.2.3.4", "1.2.3.4"],
  ["001.002.003.004", null],
  ["999.1.2.3", null],
  ["1.2.3", null],
  ["1.2.3.4.5", null],
  ["::ffff:1.2.3.4", "1.2.3.4"],
  ["::fffff:1.2.3.4", null],
  ["::FFFF:1.2.3.4", "1.2.3.4"],
  ["[1.2.3.4]", "1.2.3.4"],
  ["[::ffff:1.2.3.4]", "1.2.3.4"],
  ["::1", "::1"],
  ["::", "::"],
  [":1", null],
  ["1:2", null],
  ["1::", "1::"],
  ["2001:DB8::ABCD", "2001:db8::abcd"],
  ["2001:db8:0:0:0:0:0:1", "2001:db8::1"],
  ["2001:db8:1:2:3:4:5:6:7", null],
  ["[2001:db8::1]", "2001:db8::1"],
  ["[2001:db8::1", null],
  ["2001:db8::1]", null],
  ["fe80::1%eth0", null],
  ["host.example.com", null],
  ["١.٢.٣.٤", null],
  ["1.2.3.4/24", "1.2.3.0/24"],
  ["[1.2.3.4/24]", "1.2.3.0/24"],
  ["2001:db8::/32", "2001:db8::/32"],
  ["1.2.3.4/255.255.255.0", "1.2.3.0/24"],
  ["1.2.3.4/ffff::", "1.2.0.0/16"],
  ["1.2.3.4/33", "1.2.3.4"],
  ["::ffff:0:0/96", "::ffff:0.0.0.0/96"],
  ["0x7f.1", null],
  ["1.2.3.4:22", null],
  ["0.0.0.0/0", "0.0.0.0/0"],
  ["1.2.3.4/32", "1.2.3.4"],
  ["1.2.3.4/", null],
  ["1.2.3.4/a", null],
  ["1.2.3.4/-1", null],
  ["", null],
  ["[]", null],
  ["::ffff:1.2.3.4/120", "1.2.3.0/24"],
];

for (const [text, canonical] of ACCEPTED)
  test(`reads ${JSON.stringify(text)} as ${canonical ?? "no address"}`, () => {
    assert.equal(parseAddress(text)?.text ?? null, canonical);
  });

test("prints IPv6 as the C library does", () => {
  for (const [text, printed] of [
    ["1:0:0:2:0:0:0:3", "1:0:0:2::3"],
    ["1:0:0:2:0:0:3:4", "1::2:0:0:3:4"],
    ["1:0:2:3:4:5:6:7", "1:0:2:3:4:5:6:7"],
    ["::1.2.3.4", "::1.2.3.4"],
    ["::1:0", "::0.1.0.0"],
    ["64:ff9b::1.2.3.4", "64:ff9b::102:304"],
  ] as const)
    assert.equal(parseAddress(text)?.text, printed);
});

test("a network covers what is in it and nothing else", () => {
  const inside = (net: string, ip: string): boolean => {
    const [a, b] = [parseAddress(net), parseAddress(ip)];
    assert.ok(a && b);
    return covers(a, b);
  };
  assert.ok(inside("192.0.2.0/24", "192.0.2.255"));
  assert.ok(!inside("192.0.2.0/24", "192.0.3.0"));
  assert.ok(inside("192.0.2.128/25", "192.0.2.128"));
  assert.ok(!inside("192.0.2.128/25", "192.0.2.127"));
  assert.ok(inside("2001:db8::/33", "2001:db8:7fff::1"));
  assert.ok(!inside("2001:db8::/33", "2001:db8:8000::1"));
  assert.ok(!inside("0.0.0.0/0", "::1"));
  assert.ok(!inside("192.0.2.0/24", "192.0.0.0/16"));
  assert.ok(inside("192.0.2.1", "192.0.2.1"));
});

test("cuts an address down to its network", () => {
  const address = parseAddress("192.0.2.77");
  assert.ok(address);
  assert.equal(networkOf(address, 24).text, "192.0.2.0/24");
  assert.equal(networkOf(address, 40).text, "192.0.2.77");
  assert.ok(isSingle(address));
  assert.ok(!isSingle(networkOf(address, 31)));
});

test("names an address for reverse look-ups", () => {
  const four = parseAddress("192.0.2.7");
  const six = parseAddress("2001:db8::1");
  assert.ok(four && six);
  assert.equal(reverseName(four), "7.2.0.192.in-addr.arpa.");
  assert.equal(reverseName(four, ""), "7.2.0.192.");
  assert.equal(reverseName(six), "1.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.8.b.d.0.1.0.0.2.ip6.arpa.");
});

test("takes for an address what the platform does, and no other text", () => {
  const group = fc.oneof(
    fc.nat(0xffff).map((word) => word.toString(16)),
    fc.constantFrom("", "0", "0000", "00000", "g", "FFFF"),
  );
  const quad = fc
    .array(fc.oneof(fc.nat(300), fc.constantFrom("", "01")), { minLength: 3, maxLength: 5 })
    .map((part) => part.join("."));
  const text = fc
    .tuple(fc.array(fc.tuple(group, fc.constantFrom(":", ":", ":", "::")), { maxLength: 9 }), fc.oneof(group, quad))
    .map(([groups, last]) => groups.flat().join("") + last);
  fc.assert(
    fc.property(text, (text) => assert.equal(parseAddress(text) !== null, isIP(text) !== 0, text)),
    { numRuns: 20_000 },
  );
});

test("prints groups as the platform does", () => {
  const word = fc.oneof(fc.constant(0), fc.constant(0), fc.nat(15), fc.nat(0xff), fc.nat(0xfff), fc.nat(0xffff));
  const words = fc.array(word, { minLength: 8, maxLength: 8 }).filter((all) => all.slice(0, 5).some((one) => one > 0));
  fc.assert(
    fc.property(words, (words) => {
      const text = words.map((one) => one.toString(16)).join(":");
      assert.equal(`[${parseAddress(text)?.text}]`, new URL(`http://[${text}]/`).hostname);
    }),
    { numRuns: 5000 },
  );
});
