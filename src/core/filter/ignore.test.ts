import assert from "node:assert/strict";
import { test } from "node:test";
import { parseAddress, whoOf } from "../../base/index.ts";
import { IgnoreList, listPath, listWords } from "./ignore.ts";

function listOf(
  written: readonly string[],
  files: Record<string, { text: string }> = {},
  self: readonly string[] = [],
): IgnoreList {
  const list = new IgnoreList({
    isSelf: (address) => self.includes(address.text),
    readList: (path) => files[path] ?? null,
  });
  list.change(written, self.length > 0);
  return list;
}

test("finds the path in every accepted spelling of a list file", () => {
  for (const [written, path] of [
    ["file:///etc/x", "/etc/x"],
    ["file:/etc/x", "/etc/x"],
    ["file://etc/x", "/etc/x"],
    ["file:etc/x", "etc/x"],
    ["file://./x", "./x"],
    ["file:///../x", "/../x"],
  ] as const)
    assert.equal(listPath(written), path);
});

test("reads list files with their comments", () => {
  assert.deepEqual(listWords("192.0.2.1, 192.0.2.2 # x y\n;no\n192.0.2.68#x 2001:db8::/32\n"), [
    "192.0.2.1",
    "192.0.2.2",
    "192.0.2.68#x",
    "2001:db8::/32",
  ]);
});

test("ignores single addresses, networks and mapped spellings", () => {
  const list = listOf(["192.0.2.1", "198.51.100.0/24", "[2001:db8::1]", "::ffff:203.0.113.5"]);
  for (const ip of ["192.0.2.1", "198.51.100.255", "2001:db8::1", "203.0.113.5", "198.51.100.0/25"])
    assert.deepEqual(list.ignores(whoOf(ip)), { by: "ip" }, ip);
  for (const ip of ["192.0.2.2", "198.51.101.0", "2001:db8::2", "bob"]) assert.equal(list.ignores(whoOf(ip)), null, ip);
});

test("ignores the machine's own addresses", () => {
  const list = listOf([], {}, ["192.0.2.1"]);
  assert.deepEqual(list.ignores(whoOf("192.0.2.1")), { by: "ignoreself rule" });
  assert.equal(list.ignores(whoOf("192.0.2.2")), null);
});

test("asks for the addresses of a name, and again after five minutes", () => {
  const list = listOf(["home.example"]);
  assert.deepEqual(list.stale(0), ["home.example"]);
  const address = parseAddress("192.0.2.9");
  assert.ok(address);
  list.learn("home.example", [address], 0);
  assert.deepEqual(list.stale(299), []);
  assert.deepEqual(list.ignores(whoOf("192.0.2.9")), { by: "dns" });
  assert.deepEqual(list.stale(300), ["home.example"]);
});

test("takes a changed list file up", () => {
  const files: Record<string, { text: string }> = { "/l": { text: "192.0.2.1" } };
  const list = listOf(["file:/l"], files);
  assert.deepEqual(list.ignores(whoOf("192.0.2.1")), { by: "file:/l" });
  files["/l"] = { text: "192.0.2.2" };
  assert.equal(list.ignores(whoOf("192.0.2.1")), null);
  assert.deepEqual(list.ignores(whoOf("192.0.2.2")), { by: "file:/l" });
});

test("further entries may follow a list file", () => {
  assert.deepEqual(listOf(["file:/l", "192.0.2.7"], { "/l": { text: "" } }).ignores(whoOf("192.0.2.7")), { by: "ip" });
});
