import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { type Ban, type Said, VirtualClock } from "../base/index.ts";
import type { ActionSettings } from "../core/action/index.ts";
import type { Job, Ran } from "../io/firewall/index.ts";
import { aBan, settingsOf } from "../../test/agree/actions/rehearsal.ts";
import { Locks } from "./hand/lock.ts";
import { openHand } from "./hand/open.ts";
import { WAITING_MAX } from "./hand/orders.ts";
import type { HandWorld } from "./hand/world.ts";
import { ActionHand } from "./hand.ts";

const RAN: Ran = { ok: true, status: 0, timedOut: false, stdout: "", stderr: "" };

/** A machine whose commands end when the test says so. */
function machine(change: Partial<HandWorld> = {}) {
  const jobs: string[] = [];
  const waiting: { readonly text: string; readonly end: (ok: boolean) => void }[] = [];
  const said: Said[] = [];
  const bans = new Map<string, Ban>();
  const clock = new VirtualClock(1000);
  const state = { held: false, asked: 0 };
  const run = (job: Job): Promise<Ran> => {
    const text = job.input === null ? job.script.text : `${job.script.text} <<\n${job.input}`;
    jobs.push(text);
    if (!state.held) return Promise.resolve(RAN);
    return new Promise((resolve) => waiting.push({ text, end: (ok) => resolve({ ...RAN, ok }) }));
  };
  const world: HandWorld = {
    jail: "j",
    runner: { run },
    resolver: {
      addresses: () => Promise.resolve({ addresses: [], failed: "none" }),
      host: (ip) => {
        state.asked += 1;
        return Promise.resolve(`name-of-${ip}`);
      },
      text: () => Promise.resolve({ texts: [], failed: "none" }),
      clear() {},
    },
    clock,
    log: (one) => said.push(one),
    locks: new Locks(),
    epoch: { value: 0 },
    hosts: { full: "host.example", short: "host" },
    ipv6: true,
    source: {
      bantime: 600,
      counts: () => ({ banned: 0, bannedTotal: 0, found: 0, foundTotal: 0 }),
      merged: () => null,
    },
    bans: () => bans.values(),
    banOf: (who) => bans.get(who.key) ?? null,
    ...change,
  };
  const hand = (properties: Record<string, string>, name = "a") => new ActionHand(settingsOf(properties, name), world);
  return { hand, world, jobs, waiting, said, bans, clock, state };
}

const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

const BATCH = {
  actionbatch: "feed",
  actionbatch_ban: "+ <ip>",
  actionban: "one + <ip>",
  actionbatch_unban: "- <ip>",
  actionunban: "one - <ip>",
};

describe("a hand", () => {
  test("works in the order of the calls, one command after the other", async () => {
    const m = machine();
    m.state.held = true;
    const hand = m.hand({ actionstart: "start", actionban: "ban <ip>", actionunban: "unban <ip>", actionstop: "stop" });
    const done = [hand.start(), hand.ban(aBan("192.0.2.1")), hand.unban(aBan("192.0.2.1")), hand.stop()];
    for (const text of ["start", "ban 192.0.2.1", "unban 192.0.2.1", "stop"]) {
      await turn();
      assert.equal(m.waiting.length, 1);
      const job = m.waiting.shift();
      assert.equal(job?.text, text);
      job?.end(true);
    }
    assert.ok((await Promise.all(done)).every((result) => result.ok));
    await hand.idle();
  });

  test("does not wait for the hand of another action", async () => {
    const m = machine();
    m.state.held = true;
    void m.hand({ actionban: "mail <ip>" }, "mail").ban(aBan("192.0.2.1"));
    void m.hand({ actionban: "firewall <ip>" }, "firewall").ban(aBan("192.0.2.1"));
    await turn();
    assert.deepEqual(m.jobs, ["mail 192.0.2.1", "firewall 192.0.2.1"]);
  });

  test("takes turns with actions of the same actionlock", async () => {
    const m = machine();
    m.state.held = true;
    const hands = ["a", "b"].map((name) => m.hand({ actionban: `${name} <ip>`, actionlock: "file" }, name));
    const done = hands.map((hand) => hand.ban(aBan("192.0.2.1")));
    await turn();
    assert.deepEqual(m.jobs, ["a 192.0.2.1"]);
    m.waiting[0]?.end(true);
    await turn();
    await turn();
    assert.deepEqual(m.jobs, ["a 192.0.2.1", "b 192.0.2.1"]);
    m.waiting[1]?.end(true);
    await Promise.all(done);
  });

  test("runs a ban that comes alone at once, and those that come meanwhile together next", async () => {
    const m = machine();
    m.state.held = true;
    const hand = m.hand(BATCH);
    const done = [hand.ban(aBan("10.0.0.1"))];
    await turn();
    assert.deepEqual(m.jobs, ["feed <<\n+ 10.0.0.1\n"]);
    for (const n of [2, 3, 4]) done.push(hand.ban(aBan(`10.0.0.${n}`)));
    await turn();
    assert.equal(m.jobs.length, 1);
    m.waiting[0]?.end(true);
    await turn();
    await turn();
    assert.equal(m.jobs[1], "feed <<\n+ 10.0.0.2\n+ 10.0.0.3\n+ 10.0.0.4\n");
    m.waiting[1]?.end(true);
    await Promise.all(done);
  });

  test("says a ban that failed and goes on with the next", async () => {
    const m = machine();
    const { runner } = m.world;
    const world = {
      ...m.world,
      runner: { run: async (job: Job) => ({ ...(await runner.run(job)), ok: !job.script.text.includes("192.0.2.1") }) },
    };
    const hand = new ActionHand(settingsOf({ actionban: "ban <ip>" }), world);
    const results = await Promise.all([hand.ban(aBan("192.0.2.1")), hand.ban(aBan("192.0.2.2"))]);
    assert.deepEqual(
      results.map((result) => result.ok),
      [false, true],
    );
    assert.equal(
      m.said[0]?.text,
      "Failed to execute ban jail 'j' action 'a' info '192.0.2.1': Error banning 192.0.2.1",
    );
  });

  test("flushes by actionflush, else by single unbans, and repairs nothing while stopping", async () => {
    const m = machine();
    const bans = ["192.0.2.1", "192.0.2.2"].map((ip) => aBan(ip));
    for (const none of [{}, { actionflush: "" }]) {
      const hand = m.hand({ actionban: "ban <ip>", actionunban: "unban <ip>", ...none });
      for (const ban of bans) await hand.ban(ban);
      m.jobs.length = 0;
      await hand.flush(bans, true);
      assert.deepEqual(m.jobs, ["unban 192.0.2.1", "unban 192.0.2.2"]);
    }
    const flushing = m.hand({
      actionban: "ban <ip>",
      actionunban: "unban <ip>",
      actionflush: "flush",
      actioncheck: "check",
      actionrepair: "repair",
    });
    await flushing.ban(aBan("192.0.2.1"));
    m.jobs.length = 0;
    await flushing.flush(bans, true);
    assert.deepEqual(m.jobs, ["flush"]);
    assert.ok(m.said.some(({ level, text }) => level === "NOTICE" && text === "[j] Flush ticket(s) with a"));
  });

  test("skips restored bans where the action wants none", async () => {
    const m = machine();
    const hand = m.hand({ actionban: "ban <ip>", norestored: "1" });
    await hand.ban(aBan("192.0.2.1", { restored: true }));
    await hand.restore([aBan("192.0.2.2", { restored: true })]);
    assert.deepEqual(m.jobs, []);
  });

  test("asks for a reverse name only when a command wants it", async () => {
    const m = machine();
    await m.hand({ actionban: "ban <ip>" }).ban(aBan("192.0.2.1"));
    assert.equal(m.state.asked, 0);
    await m.hand({ actionban: "ban <ip-host>" }).ban(aBan("192.0.2.1"));
    assert.deepEqual([m.state.asked, m.jobs.at(-1)], [1, "ban name-of-192.0.2.1"]);
  });

  test("uses new parameters for the commands that come after the reload", async () => {
    const m = machine();
    const hand = m.hand({
      actionstart: "start",
      actionban: "ban <port> <ip>",
      actionreload: "reload <port>",
      port: "1",
    });
    await hand.start();
    const done = [hand.ban(aBan("192.0.2.1"))];
    done.push(
      hand.reload(
        settingsOf({ actionstart: "start", actionban: "ban <port> <ip>", actionreload: "reload <port>", port: "2" }),
      ),
    );
    done.push(hand.ban(aBan("192.0.2.2")));
    await Promise.all(done);
    assert.deepEqual(m.jobs, ["start", "ban 1 192.0.2.1", "reload 2", "ban 2 192.0.2.2"]);
  });

  test("refuses bans beyond its limit, says so once, and never refuses an unban", async () => {
    const m = machine();
    m.state.held = true;
    const hand = m.hand({ actionban: "ban <ip>", actionunban: "unban <ip>" });
    void hand.ban(aBan("192.0.2.1"));
    await turn();
    const ban = aBan("192.0.2.2");
    for (let n = 0; n < WAITING_MAX; n += 1) void hand.unban(ban);
    assert.equal((await hand.ban(ban)).ok, false);
    assert.equal((await hand.ban(ban)).ok, false);
    void hand.unban(ban);
    assert.equal(m.said.filter(({ text }) => text.includes("orders wait already")).length, 1);
    m.state.held = false;
    m.waiting[0]?.end(true);
    await hand.idle();
    assert.equal((await hand.ban(ban)).ok, true);
  });

  test("survives a bug in its own program, and answers", async () => {
    const m = machine();
    const hand = new ActionHand(settingsOf({ actionban: "ban <jail.banned>" }), {
      ...m.world,
      source: { ...m.world.source, counts: () => assert.fail("a bug") },
    });
    assert.deepEqual(await hand.ban(aBan("192.0.2.1")), { ok: false, message: "internal error" });
    assert.equal(m.said[0]?.level, "CRITICAL");
    assert.equal((await hand.unban(aBan("192.0.2.1"))).ok, true);
  });

  test("looks at its environment every so often, and not after the stop", async () => {
    const m = machine();
    const hand = m.hand({ actionstart: "start", actioncheck: "check", actionban: "ban <ip>", actioncheck_every: "5" });
    m.clock.advance(1006);
    await hand.idle();
    assert.deepEqual(m.jobs, []);
    await hand.start();
    for (const at of [1012, 1018, 1024]) {
      m.clock.advance(at);
      await hand.idle();
      await turn();
    }
    assert.deepEqual(m.jobs, ["start", "check", "check", "check"]);
    await hand.stop();
    m.clock.advance(1100);
    await hand.idle();
    assert.deepEqual(m.jobs.slice(4), []);
  });

  test("orders again, in time, what outlasts the kernel's memory", async () => {
    const m = machine();
    const hand = m.hand({ ...BATCH, actionprolong: "one + <ip>", actionkernel_max: "1000" });
    for (const [ip, lasts] of [
      ["10.0.0.1", 5000],
      ["10.0.0.2", 100],
      ["10.0.0.3", -1],
    ] as const) {
      const ban = aBan(ip, { lasts });
      m.bans.set(ip, ban);
      await hand.ban(ban);
    }
    m.jobs.length = 0;
    m.clock.advance(1501);
    await hand.idle();
    assert.deepEqual(m.jobs, ["feed <<\n+ 10.0.0.1\n"]);
  });
});

describe("opening a hand", () => {
  const module = (file: string): ActionSettings => ({
    name: "mail",
    module: file,
    properties: new Map([["dest", "root"]]),
  });

  test("gives smtp.py its native one", () => {
    assert.equal(openHand(module("/etc/fail2ban/action.d/smtp.py"), machine().world).name, "mail");
  });

  test("refuses other Python modules with a clear word", () => {
    assert.throws(
      () => openHand(module("/etc/fail2ban/action.d/mine.py"), machine().world),
      /Actions written in Python cannot be run: .*mine\.py\. Natively there is smtp\.py/,
    );
  });

  test("refuses parameters of smtp.py that cannot be used", () => {
    const settings: ActionSettings = { name: "mail", module: "smtp.py", properties: new Map([["host", "a:b:c"]]) };
    assert.throws(() => openHand(settings, machine().world), /host: cannot read a:b:c/);
  });
});
