/** The options `findtime`, `bantime` and `bantime.…` of a jail (config-cli.md §2.2, §6.5; engine.md §5.6). */
import { Float, plainSpan, Refusal, type Plain } from "../../base/index.ts";
import { checkFormula, parseMultipliers, type BanSettings } from "../ban/index.ts";
import { argument, booleanArgument, spanArgument, textArgument } from "./arguments.ts";
import type { OptionMeaning } from "./options.ts";
import type { JailSettings } from "./settings.ts";

/** Names of `bantime.X` that one jail may be given. */
const OTHERS = 100;

type BanKey = "findtime" | "bantime" | `bantime.${BanWord}`;
type BanWord = "increment" | "factor" | "formula" | "multipliers" | "maxtime" | "rndtime" | "overalljails";

/** Sets one option from its text; null is what an empty text stands for. */
type Reading = (text: Plain) => Partial<BanSettings>;

const emptied = (value: Plain): boolean => value === "" || value === null;

/** `other` keeps beside each value what `get` must tell apart: that it was set at all, and whether it is a float. */
const READINGS: Readonly<Record<BanWord, Reading>> = {
  increment: (value) => ({ increment: booleanArgument(value) }),
  overalljails: (value) => ({ overalljails: booleanArgument(value) }),
  factor: (value) => ({ factor: emptied(value) ? null : expression(textArgument(value)) }),
  formula: (value) => ({ formula: emptied(value) ? null : expression(textArgument(value)) }),
  multipliers: (value) => ({ multipliers: emptied(value) ? null : multipliers(textArgument(value)) }),
  maxtime: (value) => ({ maxtime: emptied(value) ? null : spanArgument(value).seconds }),
  rndtime: (value) => ({ rndtime: emptied(value) ? null : spanArgument(value).seconds }),
};

const SHOWN: Readonly<Record<BanWord, (ban: BanSettings) => Plain>> = {
  increment: (ban) => (ban.other.has("increment") ? ban.increment : null),
  overalljails: (ban) => writtenSwitch(ban.other.get("overalljails")),
  factor: (ban) => ban.factor,
  formula: (ban) => ban.formula,
  multipliers: (ban) => ban.multipliers?.join(" ") ?? null,
  maxtime: (ban) => shownSpan(ban, "maxtime"),
  rndtime: (ban) => shownSpan(ban, "rndtime"),
};

export const BAN_OPTIONS: Readonly<Record<BanKey, OptionMeaning>> = {
  findtime: {
    put: (jail, args) => {
      const { seconds, isFloat } = spanArgument(argument(args, 0));
      return { ...jail, findtime: seconds, findtimeIsFloat: isFloat };
    },
    show: (jail) => (jail.findtimeIsFloat ? new Float(jail.findtime) : jail.findtime),
  },
  bantime: {
    put: (jail, args) => ({
      ...jail,
      ban: { ...jail.ban, bantime: Math.trunc(spanArgument(argument(args, 0)).seconds) },
    }),
    show: (jail) => jail.ban.bantime,
  },
  "bantime.increment": known("increment"),
  "bantime.factor": known("factor"),
  "bantime.formula": known("formula"),
  "bantime.multipliers": known("multipliers"),
  "bantime.maxtime": known("maxtime"),
  "bantime.rndtime": known("rndtime"),
  "bantime.overalljails": known("overalljails"),
};

/** `bantime.X` for an X that means nothing: kept, because it can be asked for again. */
export function putBanOption(jail: JailSettings, name: string, value: Plain): JailSettings {
  if (Object.hasOwn(READINGS, name))
    throw new Refusal("Exception", `Invalid command 'bantime.${name}' (no set action or not yet implemented)`);
  const other = new Map(jail.ban.other);
  if (emptied(value)) other.delete(name);
  else other.set(name, textArgument(value));
  if (other.size > OTHERS) throw new Refusal("ValueError", `more than ${OTHERS} options bantime.…`);
  return { ...jail, ban: { ...jail.ban, other } };
}

export function showBanOption(jail: JailSettings, name: string): Plain {
  return jail.ban.other.get(name) ?? null;
}

function known(word: BanWord): OptionMeaning {
  return {
    put: (jail, args) => {
      const value = argument(args, 0);
      const ban = { ...jail.ban, ...READINGS[word](value) };
      const isFloat = (word === "maxtime" || word === "rndtime") && !emptied(value) && spanArgument(value).isFloat;
      const other = new Map(jail.ban.other).set(
        word,
        isFloat ? "float" : word === "overalljails" ? pythonText(value) : "set",
      );
      return { ...jail, ban: { ...ban, other } };
    },
    show: (jail) => SHOWN[word](jail.ban),
  };
}

/** The original keeps what was given and asks for its meaning each time; a stream gives a boolean, a command a text. */
function writtenSwitch(text: string | undefined): Plain {
  if (text === undefined) return null;
  return text === "True" || text === "False" ? text === "True" : text;
}

function pythonText(value: Plain): string {
  return typeof value === "string" ? value : value === true ? "True" : "False";
}

function shownSpan(ban: BanSettings, word: "maxtime" | "rndtime"): Plain {
  const seconds = ban[word];
  return seconds === null ? null : plainSpan({ seconds, isFloat: ban.other.get(word) === "float" });
}

function expression(text: string): string {
  const wrong = checkFormula(text);
  if (wrong !== null) throw new Refusal("SyntaxError", wrong);
  return text;
}

function multipliers(text: string): readonly number[] {
  const read = parseMultipliers(text);
  if (!read.ok) throw new Refusal("ValueError", read.message);
  return read.values;
}
