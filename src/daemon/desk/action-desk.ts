/** What commands ask of one action and do with it (config-cli.md §6.4, §6.5). */
import { plainSpan, readSpan, Refusal, whoOf, type Plain } from "../../base/index.ts";
import type { ActionDesk } from "../../api/control/index.ts";
import { ACTION_OPTIONS } from "../../core/action/index.ts";
import { actionProperty, setProperties } from "../../core/jail/index.ts";
import type { Guard } from "../guard.ts";
import type { Hand } from "../hand/world.ts";

/** Names that the original's command actions have besides their options; `get actionproperties` lists them. */
const FIXED = ["ESCAPE_CRE", "ESCAPE_VN_CRE", "banEpoch"];
const METHODS = [
  "ban",
  "clearAllParams",
  "consistencyCheck",
  "escapeTag",
  "executeCmd",
  "flush",
  "invalidateBanEpoch",
  "prolong",
  "reban",
  "reload",
  "replaceDynamicTags",
  "replaceTag",
  "start",
  "stop",
  "unban",
];
const LISTED = [
  "actionban",
  "actioncheck",
  "actionflush",
  "actionreban",
  "actionreload",
  "actionrepair",
  "actionstart",
  "actionstop",
  "actionunban",
  "actname",
  "name",
  "norestored",
  "timeout",
];

/** @throws Refusal KeyError when there is no such action */
export function actionDesk(guard: Guard, name: string): ActionDesk {
  const settings = guard.jail.settings.actions.find((action) => action.name === name);
  if (settings === undefined) throw new Refusal("KeyError", `Invalid Action name: ${name}`);
  return {
    properties: () =>
      [...new Set([...FIXED, ...LISTED, ...settings.properties.keys()])].toSorted((a, b) => (a < b ? -1 : 1)),
    methods: () => METHODS,
    ask: (property) =>
      settings.properties.has(property) ? valueOf(guard, name, property) : defaultOf(guard, name, property),
    put: (property, value) => guard.change(setProperties(guard.jail.settings, name, [[property, value]])),
    call: (method, parameters) => call(guard, name, method, parameters),
  };
}

/** As the original has evaluated it: switches are booleans, the time-out is a number. */
function valueOf(guard: Guard, name: string, property: string): Plain {
  const value = actionProperty(guard.jail.settings, name, property);
  if (typeof value !== "string") return value;
  if (property === "timeout") {
    const span = readSpan(value);
    return span.ok ? plainSpan(span) : value;
  }
  return ACTION_OPTIONS.find((row) => row.word === property)?.kind === "switch" ? value !== "" && value !== "0" : value;
}

function defaultOf(guard: Guard, name: string, property: string): Plain {
  if (property === "name") return guard.name;
  if (property === "actname") return name;
  if (property === "banEpoch") return guard.epoch.value;
  if (property === "timeout") return 60;
  const option = ACTION_OPTIONS.find((row) => row.word === property);
  return option !== undefined && option.kind === "command"
    ? option.default
    : actionProperty(guard.jail.settings, name, property);
}

/** The methods that can be called from outside; the original's others are of no use there. */
async function call(
  guard: Guard,
  name: string,
  method: string,
  parameters: ReadonlyMap<string, Plain>,
): Promise<Plain> {
  const hand = guard.hands.all().find((one) => one.name === name);
  if (hand === undefined) throw new Refusal("KeyError", `Invalid Action name: ${name}`);
  const run = Object.hasOwn(CALLS, method) ? CALLS[method] : undefined;
  if (run === undefined) throw new Refusal("AttributeError", `'CommandAction' object has no attribute '${method}'`);
  return await run(guard, hand, parameters);
}

type Call = (guard: Guard, hand: Hand, parameters: ReadonlyMap<string, Plain>) => Promise<Plain>;

const CALLS: Readonly<Record<string, Call>> = {
  start: async (_, hand) => done(await hand.start()) ?? true,
  stop: async (_, hand) => done(await hand.stop()),
  consistencyCheck: async (_, hand) => (await hand.check()).ok,
  flush: async (guard, hand) => {
    await hand.flush([...guard.jail.cell.bans.bans()], false);
    return true;
  },
  ban: async (guard, hand, parameters) => done(await hand.ban(banOf(guard, parameters))),
  unban: async (guard, hand, parameters) => done(await hand.unban(banOf(guard, parameters))),
};

function done(result: { readonly ok: boolean; readonly message?: string }): Plain {
  if (!result.ok) throw new Refusal("RuntimeError", result.message ?? "failed");
  return null;
}

function banOf(guard: Guard, parameters: ReadonlyMap<string, Plain>) {
  const ip = parameters.get("ip");
  if (typeof ip !== "string") throw new Refusal("TypeError", "missing argument: 'ip'");
  const known = guard.jail.cell.bans.get(whoOf(ip).key);
  const { bantime } = guard.jail.settings.ban;
  return (
    known ?? {
      jail: guard.name,
      who: whoOf(ip),
      since: guard.station.clock.now(),
      lasts: bantime,
      count: 1,
      failures: 0,
      matches: [],
      fields: {},
      restored: false,
    }
  );
}
