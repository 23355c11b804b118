import assert from "node:assert/strict";
import { test } from "node:test";
import type { Match } from "../../base/index.ts";
import { Captures, KNOWN, Shape } from "./groups.ts";
import { Sessions } from "./session.ts";

/** The kinds of line in the worked runs of engine.md §1.6. */
const connect = (ip: string): Record<string, string> => ({ nofail: "Connection", ip4: ip });
const failure = (user: string): Record<string, string> => ({ user });
const attributed = (user: string, ip: string): Record<string, string> => ({ user, ip4: ip });
const granted = (user: string): Record<string, string> => ({ user, mlfgained: "Accepted", mlfforget: "Accepted" });
const disconnect: Record<string, string> = { mlfforget: "Disconnected" };

function capturesOf(line: Record<string, string>): Captures {
  return new Captures(new Shape(Object.keys(line)), Object.values(line));
}

/** Sends lines through one session; each answer is "-" or the number of kept lines and the users. */
function run(lines: readonly Record<string, string>[]): string[] {
  const sessions = new Sessions();
  return lines.map((line, index) => {
    const kept: Match[] = [`line ${index}`];
    const merged = sessions.merge("1", capturesOf({ mlfid: "1", ...line }), kept, 1000 + index);
    if (merged.nofail) return "-";
    if (!merged.captures.holds(KNOWN.ip4)) {
      merged.pending = true;
      return "pending";
    }
    return `${merged.matches.length} ${[...merged.users].join("+")}`.trim();
  });
}

test("joins the address of the connection with the failures after it", () => {
  assert.deepEqual(run([connect("192.0.2.1"), failure("a"), failure("b"), disconnect, failure("c")]), [
    "-",
    "2 a",
    "1 a+b",
    "1 a+b",
    "pending",
  ]);
});

test("blames waiting failures on the address that comes last, as one attempt", () => {
  assert.deepEqual(run([failure("a"), failure("a"), connect("192.0.2.9")]), ["pending", "pending", "3 a"]);
});

test("forgets a connection on which somebody logged in", () => {
  assert.deepEqual(run([connect("192.0.2.1"), granted("a"), failure("x")]), ["-", "-", "pending"]);
});

test("a login cancels the failures that waited before it", () => {
  assert.deepEqual(run([failure("a"), granted("a")]), ["pending", "-"]);
});

test("a second user name on the same connection is a failure though it logs in", () => {
  const quiet = (user: string): Record<string, string> => ({ ...attributed(user, "192.0.2.1"), nofail: "publickey" });
  assert.deepEqual(run([quiet("joe"), quiet("eve"), { ...granted("eve"), ip4: "192.0.2.1" }]), [
    "-",
    "2 joe+eve",
    "1 joe+eve",
  ]);
});

test("keeps at most a hundred connections", () => {
  const sessions = new Sessions();
  for (let id = 0; id < 101; id += 1)
    sessions.merge(String(id), capturesOf({ nofail: "x", ip4: `192.0.2.${id}` }), [], 0);
  assert.equal(sessions.merge("0", capturesOf({ user: "a" }), [], 1).captures.holds(KNOWN.ip4), false);
  assert.equal(sessions.merge("100", capturesOf({ user: "a" }), [], 1).captures.holds(KNOWN.ip4), true);
});

test("forgets a connection five minutes after its first line", () => {
  const sessions = new Sessions();
  sessions.merge("1", capturesOf({ nofail: "x", ip4: "192.0.2.1" }), [], 0);
  assert.equal(sessions.merge("1", capturesOf({ user: "a" }), [], 299).captures.holds(KNOWN.ip4), true);
  assert.equal(sessions.merge("1", capturesOf({ user: "a" }), [], 301).captures.holds(KNOWN.ip4), false);
});
