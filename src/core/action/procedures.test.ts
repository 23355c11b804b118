/** The worked sequences of engine.md §6.3–6.5, command by command. */
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { aBan, messageOf, rehearse, taken } from "../../../test/agree/actions/rehearsal.ts";
import { checkAll } from "./check.ts";
import { doubt } from "./doubt.ts";
import { flush, reload, start, stop } from "./operation.ts";
import { ban, prolong, reban, unban } from "./ticket.ts";

const CONDITIONAL = {
  actionstart: "start <tool>",
  actionstop: "stop <tool>",
  actionflush: "flush <tool>",
  actionban: "ban <tool> <ip>",
  actionunban: "unban <tool> <ip>",
  tool: "ipt4",
  "tool?family=inet6": "ipt6",
};

const PLAIN = {
  actionstart: "start",
  actionstop: "stop",
  actioncheck: "check",
  actionban: "ban <ip>",
  actionunban: "unban <ip>",
};

const v4 = aBan("192.0.2.1");
const v4b = aBan("192.0.2.2");
const v6 = aBan("2001:db8::1");

describe("an action with variants for families", () => {
  test("starts each family at its first ban, flushes and stops each, without single unbans", () => {
    const r = rehearse(CONDITIONAL);
    r.run(start(r.action));
    assert.deepEqual(taken(r), []);
    r.run(ban(r.action, v4));
    assert.deepEqual(taken(r), ["start ipt4", "ban ipt4 192.0.2.1"]);
    r.run(ban(r.action, v4b));
    assert.deepEqual(taken(r), ["ban ipt4 192.0.2.2"]);
    r.run(ban(r.action, v6));
    assert.deepEqual(taken(r), ["start ipt6", "ban ipt6 2001:db8::1"]);
    r.run(unban(r.action, v4));
    assert.deepEqual(taken(r), ["unban ipt4 192.0.2.1"]);
    r.run(flush(r.action));
    assert.deepEqual(taken(r), ["flush ipt4", "flush ipt6"]);
    r.run(stop(r.action));
    assert.deepEqual(taken(r), ["stop ipt4", "stop ipt6"]);
  });

  test("runs nothing at the stop when nothing was started", () => {
    const r = rehearse(CONDITIONAL);
    r.run(start(r.action));
    r.run(flush(r.action));
    r.run(stop(r.action));
    assert.deepEqual(taken(r), []);
  });

  test("starts at once, both families, when told not to wait", () => {
    const r = rehearse({ ...CONDITIONAL, actionstart_on_demand: "false" });
    r.run(start(r.action));
    assert.deepEqual(taken(r), ["start ipt4", "start ipt6"]);
  });

  test("starts no IPv6 where the machine has none", () => {
    const r = rehearse({ ...CONDITIONAL, actionstart_on_demand: "" }, false);
    r.run(start(r.action));
    assert.deepEqual(taken(r), ["start ipt4"]);
  });

  test("gives up a ban whose family cannot be started", () => {
    const r = rehearse(CONDITIONAL);
    r.fails = (text) => text === "start ipt4";
    assert.equal(messageOf(r.run(ban(r.action, v4))), "Error starting action Jail('j')/a: 'Script error'");
    assert.deepEqual(taken(r), ["start ipt4"]);
  });

  test("unbans nobody in a family that never banned", () => {
    const r = rehearse(CONDITIONAL);
    r.run(unban(r.action, v4));
    assert.deepEqual(taken(r), []);
  });
});

describe("an action without variants", () => {
  test("starts once with the jail and stops once", () => {
    const r = rehearse(PLAIN);
    r.run(start(r.action));
    for (const one of [v4, v6]) r.run(ban(r.action, one));
    for (const one of [v4, v6]) r.run(unban(r.action, one));
    r.run(stop(r.action));
    assert.deepEqual(taken(r), [
      "start",
      "ban 192.0.2.1",
      "ban 2001:db8::1",
      "unban 192.0.2.1",
      "unban 2001:db8::1",
      "stop",
    ]);
  });

  test("runs a stop that names the family for each of them", () => {
    const r = rehearse({ ...PLAIN, actionstop: "stop <family>" });
    r.run(start(r.action));
    for (const one of [v4, v6]) r.run(ban(r.action, one));
    taken(r);
    r.run(stop(r.action));
    assert.deepEqual(taken(r), ["stop ", "stop inet4", "stop inet6"]);
  });

  test("flushes again after new bans, though the command is the same for both families", () => {
    const r = rehearse({ ...PLAIN, actionflush: "flush" });
    r.run(start(r.action));
    for (const one of [v4, v6]) r.run(ban(r.action, one));
    r.run(flush(r.action));
    r.run(ban(r.action, v4));
    taken(r);
    r.run(flush(r.action));
    assert.deepEqual(taken(r), ["flush"]);
    r.run(flush(r.action));
    assert.deepEqual(taken(r), []);
  });

  test("runs actionreload for what is started, and says which operation failed", () => {
    const r = rehearse({ ...PLAIN, actionreload: "reload" });
    r.run(reload(r.action));
    assert.deepEqual(taken(r), []);
    r.run(start(r.action));
    r.fails = (text) => text === "reload" || text === "stop";
    assert.equal(messageOf(r.run(reload(r.action))), "Error reloading action Jail('j')/a: 'Script error'");
    assert.equal(messageOf(r.run(stop(r.action))), "Error stopping action Jail('j')/a: 'Script error'");
    assert.deepEqual(taken(r), ["start", "reload", "stop"]);
  });
});

describe("a failing command", () => {
  test("is tried twice without a check", () => {
    const r = rehearse({ actionban: "ban <ip>" });
    r.fails = () => true;
    assert.equal(messageOf(r.run(ban(r.action, v4))), "Error banning 192.0.2.1");
    assert.deepEqual(taken(r), ["ban 192.0.2.1", "ban 192.0.2.1"]);
  });

  test("is tried again when the check finds all well", () => {
    const r = rehearse(PLAIN);
    r.run(start(r.action));
    taken(r);
    r.fails = (text) => text.startsWith("ban");
    r.run(ban(r.action, v4));
    assert.deepEqual(taken(r), ["ban 192.0.2.1", "check", "ban 192.0.2.1"]);
  });

  test("is tried again after stop and start repaired the environment, also the first time", () => {
    const r = rehearse(PLAIN);
    r.run(start(r.action));
    taken(r);
    let broken = true;
    r.fails = (text) => {
      if (text === "start") broken = false;
      return broken && text !== "stop";
    };
    assert.deepEqual(r.run(ban(r.action, v4)), { ok: true });
    assert.deepEqual(taken(r), ["ban 192.0.2.1", "check", "stop", "start", "check", "ban 192.0.2.1"]);
    assert.deepEqual(r.said, ["ERROR Invariant check failed. Trying to restore a sane environment"]);
  });

  test("is tried again after actionrepair", () => {
    const r = rehearse({ ...PLAIN, actionrepair: "repair" });
    r.run(start(r.action));
    taken(r);
    let broken = true;
    r.fails = (text) => {
      if (text === "repair") broken = false;
      return broken;
    };
    r.run(ban(r.action, v4));
    assert.deepEqual(taken(r), ["ban 192.0.2.1", "check", "repair", "check", "ban 192.0.2.1"]);
  });

  test("is given up when the environment cannot be restored", () => {
    const r = rehearse({ ...PLAIN, actionrepair: "repair" });
    r.run(start(r.action));
    taken(r);
    r.fails = () => true;
    assert.equal(messageOf(r.run(ban(r.action, v4))), "Error banning 192.0.2.1");
    assert.deepEqual(taken(r), ["ban 192.0.2.1", "check", "repair"]);
    assert.deepEqual(r.said, [
      "ERROR Invariant check failed. Trying to restore a sane environment",
      "CRITICAL Unable to restore environment",
    ]);
  });

  test("that unbans repairs nothing unless allowed", () => {
    const r = rehearse({ ...PLAIN, actionrepair: "repair" });
    r.run(start(r.action));
    r.run(ban(r.action, v4));
    taken(r);
    r.fails = () => true;
    assert.equal(messageOf(r.run(unban(r.action, v4))), "Error unbanning 192.0.2.1");
    assert.deepEqual(taken(r), ["unban 192.0.2.1", "check"]);
    assert.deepEqual(r.said, ["ERROR Invariant check failed. Unban is impossible."]);
    const allowed = rehearse({ ...PLAIN, actionrepair: "repair", actionrepair_on_unban: "1" });
    allowed.run(start(allowed.action));
    allowed.run(ban(allowed.action, v4));
    taken(allowed);
    allowed.fails = (text) => text !== "repair";
    allowed.run(unban(allowed.action, v4));
    assert.deepEqual(taken(allowed), ["unban 192.0.2.1", "check", "repair", "check"]);
  });

  test("with a circle in its tags fails with the reason and runs nothing", () => {
    const r = rehearse({ actionban: "ban <x>", x: "<y>", y: "<x>" });
    assert.match(messageOf(r.run(ban(r.action, v4))), /^properties contain self referencing definitions/);
    assert.deepEqual(taken(r), []);
  });
});

describe("bans of before a repair", () => {
  function broken() {
    const r = rehearse({ ...PLAIN, actionrepair: "repair", actionreban: "again <ip>" });
    r.run(start(r.action));
    r.run(ban(r.action, v4));
    let whole = false;
    r.fails = (text) => {
      if (text === "repair") whole = true;
      return !whole;
    };
    r.run(ban(r.action, v4b));
    taken(r);
    return r;
  }

  test("are carried out again when their offender fails again, once", () => {
    const r = broken();
    assert.equal(r.action.epoch.value, 1);
    r.run(doubt(r.action, v4, 30));
    assert.deepEqual(taken(r), ["again 192.0.2.1"]);
    assert.ok(r.said.includes("NOTICE [j] Reban 192.0.2.1, action 'a'"));
    r.run(doubt(r.action, v4, 1));
    assert.deepEqual(taken(r), []);
  });

  test("and those of after it only have the environment checked, at most every three seconds", () => {
    const r = broken();
    r.run(doubt(r.action, v4b, 30));
    assert.deepEqual(taken(r), ["check"]);
    r.run(doubt(r.action, v4b, 30));
    assert.deepEqual(taken(r), []);
  });
});

test("the consistency check forgets a family that cannot be repaired", () => {
  const r = rehearse(PLAIN);
  r.run(start(r.action));
  r.fails = () => true;
  r.run(checkAll(r.action, true));
  r.fails = () => false;
  taken(r);
  r.run(stop(r.action));
  assert.deepEqual(taken(r), []);
});

test("a prolonged ban runs actionprolong where there is one", () => {
  const none = rehearse(PLAIN);
  none.run(prolong(none.action, v4));
  assert.deepEqual(taken(none), []);
  const some = rehearse({ ...PLAIN, actionprolong: "prolong <ip> <bantime>" });
  some.run(prolong(some.action, v4));
  assert.deepEqual(taken(some), ["prolong 192.0.2.1 600"]);
});

test("a ban carried out again takes actionban where there is no actionreban", () => {
  const r = rehearse(PLAIN);
  r.run(reban(r.action, v4));
  assert.deepEqual(taken(r), ["ban 192.0.2.1"]);
});
