import assert from "node:assert/strict";
import { test } from "node:test";
import type { ActionSettings } from "../core/action/index.ts";
import { emptyJail, type JailSettings } from "../core/jail/index.ts";
import { areIndependent, differenceOfActions, differenceOfJails, differenceOfLogs } from "./difference.ts";

const jails = (...all: readonly JailSettings[]): Map<string, JailSettings> =>
  new Map(all.map((jail) => [jail.name, jail]));
const names = (all: readonly { readonly name: string }[]): string[] => all.map(({ name }) => name);
const action = (name: string, module: string | null = null): ActionSettings => ({
  name,
  module,
  properties: new Map(),
});

test("from nothing, everything starts", () => {
  const { stop, start, change } = differenceOfJails(
    new Map(),
    jails(emptyJail("a", "auto"), emptyJail("b", "auto")),
    false,
  );
  assert.deepEqual([stop, names(start), names(change)], [[], ["a", "b"], []]);
});

test("jails that stay are changed in place, those that are gone stop", () => {
  const before = jails(emptyJail("a", "auto"), emptyJail("b", "auto"));
  const { stop, start, change } = differenceOfJails(
    before,
    jails(emptyJail("b", "auto"), emptyJail("c", "auto")),
    false,
  );
  assert.deepEqual([stop, names(start), names(change)], [["a"], ["c"], ["b"]]);
});

test("another backend makes a jail begin anew, and so does a restart", () => {
  const before = jails(emptyJail("a", "polling"), emptyJail("b", "auto"));
  const after = jails(emptyJail("a", "auto"), emptyJail("b", "auto"));
  const moved = differenceOfJails(before, after, false);
  assert.deepEqual([moved.stop, names(moved.start), names(moved.change)], [["a"], ["a"], ["b"]]);
  assert.deepEqual(moved.restart, [{ name: "a", from: "polling", to: "auto" }]);
  const anew = differenceOfJails(before, after, true);
  assert.deepEqual([anew.stop, names(anew.start), names(anew.change), anew.restart], [["a", "b"], ["a", "b"], [], []]);
});

test("actions stop from the last to the first; another kind of action is another action", () => {
  const before = [action("a"), action("b"), action("c"), action("mail")];
  const { stop, start, reload } = differenceOfActions(before, [action("d"), action("b"), action("mail", "smtp.py")]);
  assert.deepEqual([stop, names(start), names(reload)], [["mail", "c", "a"], ["d", "mail"], ["b"]]);
});

test("actions are independent where nothing that they make has the same name", () => {
  const making = (name: string, start: string): ActionSettings => ({
    name: `${name}-${start}`,
    module: null,
    properties: new Map([
      ["actionstart", start],
      ["name", name],
    ]),
  });
  const rows: readonly [one: ActionSettings, other: ActionSettings, independent: boolean][] = [
    [making("sshd", "iptables -N f2b-sshd"), making("sshd", "nft add set inet t addr-set-sshd"), true],
    [making("sshd", "iptables -N f2b-sshd"), making("sshd", "iptables -A f2b-sshd -p tcp"), false],
    [making("a", "nft add set inet t addr-set-a"), making("b", "nft add set inet t addr-set-b"), true],
    [making("sshd", "iptables -N f2b-sshd"), making("sshd", "nothing that tells"), false],
    [making("sshd", "iptables -N f2b-sshd"), { name: "m", module: "smtp.py", properties: new Map() }, false],
    [making("a.b", "ipset create f2b-axb"), making("c", "ipset create f2b-c"), false],
  ];
  for (const [one, other, independent] of rows)
    assert.equal(areIndependent(one, other), independent, one.name + other.name);
});

test("a log that is read already goes on where it is", () => {
  const before = [
    { path: "/a", tail: false },
    { path: "/b", tail: false },
  ];
  const { stop, follow } = differenceOfLogs(before, [
    { path: "/b", tail: true },
    { path: "/c", tail: true },
  ]);
  assert.deepEqual([stop, follow], [["/a"], [{ path: "/c", tail: true }]]);
});
