/** Runs procedures of `core/action` without a machine: commands are written down, and fail where the test says so. */
import { type Ban, whoOf } from "../../../src/base/index.ts";
import {
  type ActionAtWork,
  type ActionSettings,
  defineAction,
  newState,
  type Procedure,
  type Result,
} from "../../../src/core/action/index.ts";

export interface Rehearsal {
  readonly action: ActionAtWork;
  readonly bans: Map<string, Ban>;
  /** What was run: the text, with values and input behind it where there are any. */
  readonly ran: string[];
  readonly said: string[];
  /** Whether a command succeeds. */
  fails: (text: string) => boolean;
  run<Value>(procedure: Procedure<Value>): Value;
}

export function aBan(ip: string, change: Partial<Ban> = {}): Ban {
  return {
    jail: "j",
    who: whoOf(ip),
    since: 1000,
    lasts: 600,
    count: 1,
    failures: 3,
    matches: ["first line", "second line"],
    fields: {},
    restored: false,
    ...change,
  };
}

export function settingsOf(properties: Readonly<Record<string, string>>, name = "a"): ActionSettings {
  return { name, module: null, properties: new Map(Object.entries(properties)) };
}

export function rehearse(properties: Readonly<Record<string, string>>, ipv6 = true): Rehearsal {
  const bans = new Map<string, Ban>();
  const hosts = { full: "host.example", short: "host" };
  const action: ActionAtWork = {
    definition: defineAction(settingsOf(properties), { jail: "j", hosts, ipv6 }),
    state: newState(),
    epoch: { value: 0 },
    source: {
      jail: "j",
      bantime: 600,
      counts: () => ({ banned: 4, bannedTotal: 40, found: 5, foundTotal: 50 }),
      merged: () => null,
      hostOf: () => null,
    },
    now: () => 1000,
    bans: () => bans.values(),
  };
  const ran: string[] = [];
  const said: string[] = [];
  const rehearsal: Rehearsal = {
    action,
    bans,
    ran,
    said,
    fails: () => false,
    run(procedure) {
      let step = procedure.next();
      while (step.done !== true) {
        const order = step.value;
        let ok = true;
        if (order.do === "say") said.push(`${order.said.level} ${order.said.text}`);
        else {
          const { script, input } = order;
          const text = input === null ? script.text : `${script.text} <<\n${input}`;
          ran.push(script.values.length === 0 ? text : `${text} ${JSON.stringify(script.values)}`);
          ok = !rehearsal.fails(text);
        }
        step = procedure.next({ ok });
      }
      return step.value;
    },
  };
  return rehearsal;
}

/** Takes what was run since the last time. */
export function taken(rehearsal: Rehearsal): readonly string[] {
  return rehearsal.ran.splice(0);
}

export function messageOf(result: Result): string {
  return result.ok ? "" : result.message;
}
