import assert from "node:assert/strict";
import { test } from "node:test";
import { compilePattern, GAVE_UP } from "./index.ts";

/** engine.md §2.2: text, `^<HOST>$`, `^<ADDR>$`, `^<SUBNET>$`, `<HOST>`; empty: no match. */
const ROWS: readonly (readonly [string, string, string, string, string])[] = [
  ["1.2.3.4", "ip4=1.2.3.4", "ip4=1.2.3.4", "ip4=1.2.3.4", "ip4=1.2.3.4"],
  ["001.002.003.004", "ip4=001.002.003.004", "ip4=001.002.003.004", "ip4=001.002.003.004", "ip4=001.002.003.004"],
  ["999.1.2.3", "ip4=999.1.2.3", "ip4=999.1.2.3", "ip4=999.1.2.3", "ip4=999.1.2.3"],
  ["1.2.3", "dns=1.2.3", "", "", "dns=1.2.3"],
  ["1.2.3.4.5", "dns=1.2.3.4.5", "", "", "ip4=1.2.3.4"],
  ["::ffff:1.2.3.4", "ip4=1.2.3.4", "ip4=1.2.3.4", "ip4=1.2.3.4", "ip4=1.2.3.4"],
  ["::fffff:1.2.3.4", "ip4=1.2.3.4", "ip4=1.2.3.4", "ip4=1.2.3.4", "ip4=1.2.3.4"],
  ["::FFFF:1.2.3.4", "", "", "", "ip6=::FFFF:1"],
  ["[1.2.3.4]", "ip4=1.2.3.4", "ip4=1.2.3.4", "ip4=1.2.3.4", "ip4=1.2.3.4"],
  ["[::ffff:1.2.3.4]", "ip4=1.2.3.4", "ip4=1.2.3.4", "ip4=1.2.3.4", "ip4=1.2.3.4"],
  ["::1", "ip6=::1", "ip6=::1", "ip6=::1", "ip6=::1"],
  ["::", "ip6=::", "ip6=::", "ip6=::", "ip6=::"],
  [":1", "ip6=:1", "ip6=:1", "ip6=:1", "ip6=:1"],
  ["1:2", "ip6=1:2", "ip6=1:2", "ip6=1:2", "ip6=1:2"],
  ["1:2:3", "ip6=1:2:3", "ip6=1:2:3", "ip6=1:2:3", "ip6=1:2:3"],
  ["1::", "ip6=1::", "ip6=1::", "ip6=1::", "ip6=1::"],
  ["2001:db8::1", "ip6=2001:db8::1", "ip6=2001:db8::1", "ip6=2001:db8::1", "ip6=2001:db8::1"],
  ["2001:DB8::ABCD", "ip6=2001:DB8::ABCD", "ip6=2001:DB8::ABCD", "ip6=2001:DB8::ABCD", "ip6=2001:DB8::ABCD"],
  [
    "2001:db8:0:0:0:0:0:1",
    "ip6=2001:db8:0:0:0:0:0:1",
    "ip6=2001:db8:0:0:0:0:0:1",
    "ip6=2001:db8:0:0:0:0:0:1",
    "ip6=2001:db8:0:0:0:0:0:1",
  ],
  ["2001:db8:1:2:3:4:5:6:7", "", "", "", "ip6=2001:db8:1:2:3:4:5:6"],
  ["[2001:db8::1]", "ip6=2001:db8::1", "ip6=2001:db8::1", "ip6=2001:db8::1", "ip6=2001:db8::1"],
  ["[2001:db8::1", "ip6=2001:db8::1", "ip6=2001:db8::1", "ip6=2001:db8::1", "ip6=2001:db8::1"],
  ["2001:db8::1]", "ip6=2001:db8::1", "ip6=2001:db8::1", "ip6=2001:db8::1", "ip6=2001:db8::1"],
  ["fe80::1%eth0", "", "", "", "ip6=fe80::1"],
  ["host.example.com", "dns=host.example.com", "", "", "dns=host.example.com"],
  ["h", "dns=h", "", "", "dns=h"],
  ["-host", "dns=-host", "", "", "dns=-host"],
  ["_host-", "", "", "", "dns=_host"],
  ["host^x", "dns=host^x", "", "", "dns=host^x"],
  ["münchen.de", "dns=münchen.de", "", "", "dns=münchen.de"],
  ["١.٢.٣.٤", "ip4=١.٢.٣.٤", "ip4=١.٢.٣.٤", "ip4=١.٢.٣.٤", "ip4=١.٢.٣.٤"],
  ["1.2.3.4/24", "", "", "ip4=1.2.3.4 cidr=24", "ip4=1.2.3.4"],
  ["[1.2.3.4/24]", "", "", "ip4=1.2.3.4 cidr=24", "ip4=1.2.3.4"],
  ["2001:db8::/32", "", "", "ip6=2001:db8:: cidr=32", "ip6=2001:db8::"],
  ["1.2.3.4/255.255.255.0", "", "", "", "ip4=1.2.3.4"],
  ["1.2.3.4/ffff::", "", "", "", "ip4=1.2.3.4"],
  ["1.2.3.4/33", "", "", "ip4=1.2.3.4 cidr=33", "ip4=1.2.3.4"],
  ["::ffff:0:0/96", "", "", "ip6=::ffff:0:0 cidr=96", "ip6=::ffff:0:0"],
  ["0x7f.1", "dns=0x7f.1", "", "", "dns=0x7f.1"],
  ["1.2.3.4:22", "", "", "", "ip4=1.2.3.4"],
];

function captured(source: string, text: string): string {
  const compiled = compilePattern(source, { usedns: "warn", multiline: false });
  assert.ok(compiled.ok);
  const { pattern } = compiled;
  const found = pattern.exec(`${text}\n`);
  assert.ok(found !== GAVE_UP);
  if (found === null) return "";
  const names = pattern.groups.filter((name) => found.get(name) !== undefined);
  return names.map((name) => `${name}=${found.get(name)}`).join(" ");
}

test("addresses are taken as the table says", () => {
  for (const [text, host, addr, subnet, loose] of ROWS) {
    assert.equal(captured("^<HOST>$", text), host, `^<HOST>$ on ${text}`);
    assert.equal(captured("^<ADDR>$", text), addr, `^<ADDR>$ on ${text}`);
    assert.equal(captured("^<SUBNET>$", text), subnet, `^<SUBNET>$ on ${text}`);
    assert.equal(captured("<HOST>", text), loose, `<HOST> on ${text}`);
  }
});
