import assert from "node:assert/strict";
import { test } from "node:test";
import { Captures, Shape } from "./groups.ts";
import { identify } from "./identify.ts";

const NAMES = ["ip4", "ip6", "dns", "fid"];

function captured(values: Readonly<Record<string, string>>): Captures {
  const shape = new Shape(NAMES);
  return new Captures(
    shape,
    shape.names.map((name) => values[name]),
  );
}

test("an id beside an address is whom a failure is counted for, also where the address is none", () => {
  for (const [ip4, ip] of [
    ["192.0.2.1", "192.0.2.1"],
    ["999.9.9.9", "999.9.9.9"],
  ] as const) {
    const captures = captured({ ip4, fid: "tok42" });
    assert.deepEqual(identify(captures, "warn"), { is: "who", who: { key: "tok42", address: null } });
    assert.equal(captures.get("ip"), ip);
  }
  assert.deepEqual(identify(captured({ ip4: "999.9.9.9" }), "warn"), { is: "no address", text: "999.9.9.9" });
});

test("with usedns = raw an id is taken as it stands", () => {
  for (const fid of ["192.0.2.77/24", "[2001:DB8::0:1]"])
    assert.deepEqual(identify(captured({ fid }), "raw"), { is: "who", who: { key: fid, address: null } });
  const cooked = identify(captured({ fid: "192.0.2.77/24" }), "warn");
  assert.equal(cooked.is === "who" && cooked.who.key, "192.0.2.0/24");
});
