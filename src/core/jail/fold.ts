/**
 * A whole stream of commands → the settings it asks for (DESIGN §4.6): for `-t`, start, reload and `server-stream`.
 *
 * Nothing is done yet. A command that is refused is remembered with its refusal, its jail counts as broken, and the rest is still
 * looked at: all mistakes are found, where the original stops at the first.
 */
import { extractOptions, isList, Refusal, Tuple, type Plain, type Said } from "../../base/index.ts";
import { addAction, removeAction, setProperties } from "./actions.ts";
import { argument, textArgument } from "./arguments.ts";
import { putGeneral, type GeneralSettings } from "./general.ts";
import { emptyJail, putOption, type OptionWorld } from "./options.ts";
import type { JailSettings } from "./settings.ts";
import { tellOption } from "./told.ts";

export interface ServerSettings {
  readonly general: GeneralSettings;
  readonly jails: ReadonlyMap<string, JailSettings>;
}

export interface FoldedRefusal {
  /** Index of the command in the stream, and of the value in its list where it has one. */
  readonly index: number;
  readonly item: number | null;
  /** Null for a general command. */
  readonly jail: string | null;
  readonly refusal: Refusal;
}

export interface Folded extends ServerSettings {
  /** Jails that are to be started and of which no command was refused. */
  readonly started: readonly string[];
  /** Jails of which a command was refused. */
  readonly broken: readonly string[];
  readonly refusals: readonly FoldedRefusal[];
  /** Texts of `config-error`: to be logged as errors. */
  readonly errors: readonly string[];
  /** What the log says of each jail's options, in their order. */
  readonly said: ReadonlyMap<string, readonly Said[]>;
}

const BACKENDS = ["pyinotify", "polling", "systemd"];

interface Progress {
  general: GeneralSettings;
  readonly jails: Map<string, JailSettings>;
  readonly wanted: string[];
  readonly errors: string[];
  readonly said: Map<string, Said[]>;
  readonly world: OptionWorld;
}

/** @param start the settings to begin with: empty ones for a start or a reload, since what a file does not say has its default */
export function foldStream(commands: readonly (readonly Plain[])[], start: ServerSettings, world: OptionWorld): Folded {
  const progress: Progress = {
    general: start.general,
    jails: new Map(start.jails),
    wanted: [],
    errors: [],
    said: new Map(),
    world,
  };
  const refusals: FoldedRefusal[] = [];
  for (const [index, words] of commands.entries()) {
    for (const [item, single] of itemsOf(words)) {
      const refusal = attempt(progress, single);
      if (refusal !== null) refusals.push({ index, item, jail: jailOf(words), refusal });
    }
  }
  const broken = [...new Set(refusals.flatMap(({ jail }) => (jail === null ? [] : [jail])))];
  const started = progress.wanted.filter((name) => !broken.includes(name));
  const { general, jails, errors, said } = progress;
  return { general, jails, started, broken, refusals, errors, said };
}

/** A list of expressions is several commands, so that each mistake in it is found. */
function itemsOf(words: readonly Plain[]): [number | null, readonly Plain[]][] {
  const [verb, jail = null, word = null, list] = words;
  if (verb !== "multi-set" || word === "action" || !Array.isArray(list)) return [[null, words]];
  return list.map((value, at) => [at, ["set", jail, word, value]]);
}

function attempt(progress: Progress, words: readonly Plain[]): Refusal | null {
  try {
    carryOut(progress, words);
    return null;
  } catch (cause) {
    if (cause instanceof Refusal) return cause;
    throw cause;
  }
}

function carryOut(progress: Progress, words: readonly Plain[]): void {
  const [verb, ...rest] = words;
  if (verb === "add") addJail(progress, rest);
  else if (verb === "set" || verb === "multi-set") change(progress, verb, rest);
  else if (verb === "start") progress.wanted.push(known(progress, textArgument(argument(rest, 0))).name);
  else if (verb === "config-error") progress.errors.push(textArgument(argument(rest, 0)));
  else throw new Refusal("Exception", "Invalid command");
}

function addJail({ jails }: Progress, args: readonly Plain[]): void {
  const name = textArgument(argument(args, 0));
  const backend = textArgument(args[1] ?? "auto");
  if (name === "--all") throw new Refusal("Exception", "Reserved name '--all'");
  if (jails.has(name)) throw new Refusal("DuplicateJailException", name);
  const extracted = extractOptions(backend);
  if (!extracted.ok) throw new Refusal("ValueError", extracted.reason);
  const kind = extracted.name.toLowerCase();
  if (kind !== "auto" && !BACKENDS.includes(kind)) {
    const among = BACKENDS.map((one) => `'${one}'`).join(", ");
    throw new Refusal("ValueError", `Unknown backend ${kind}. Must be among [${among}] or 'auto'`);
  }
  jails.set(name, emptyJail(name, backend));
}

function change(progress: Progress, verb: "set" | "multi-set", args: readonly Plain[]): void {
  const name = textArgument(argument(args, 0));
  const general = verb === "set" ? putGeneral(progress.general, name, args.slice(1)) : undefined;
  if (general !== undefined) {
    progress.general = general;
    return;
  }
  const word = textArgument(argument(args, 1));
  const jail = known(progress, name);
  const values = args.slice(2);
  const after = changed(progress, jail, verb, word, values);
  progress.jails.set(name, after);
  const told = tellOption(after, word, values, progress.world);
  if (told !== null) progress.said.set(name, [...(progress.said.get(name) ?? []), told]);
}

function changed(
  { world }: Progress,
  jail: JailSettings,
  verb: "set" | "multi-set",
  word: string,
  args: readonly Plain[],
): JailSettings {
  if (word === "addaction") return addAction(jail, args);
  if (word === "delaction") return removeAction(jail, textArgument(argument(args, 0)));
  if (word !== "action") return putOption(jail, word, args, world);
  const action = textArgument(argument(args, 0));
  if (verb === "multi-set") return setProperties(jail, action, pairsOf(argument(args, 1)));
  return setProperties(jail, action, [[textArgument(argument(args, 1)), argument(args, 2)]]);
}

function pairsOf(value: Plain): [string, Plain][] {
  return listOf(value).map((pair) => {
    const [key = null, item = null] = listOf(pair);
    return [textArgument(key), item];
  });
}

function listOf(value: Plain): readonly Plain[] {
  if (value instanceof Tuple) return value.items;
  if (!isList(value)) throw new Refusal("TypeError", "a list of pairs is expected");
  return value;
}

function known({ jails }: Progress, name: string): JailSettings {
  const jail = jails.get(name);
  if (jail === undefined) throw new Refusal("UnknownJailException", name);
  return jail;
}

function jailOf(words: readonly Plain[]): string | null {
  const [verb, name] = words;
  const isJail = verb === "add" || verb === "start" || verb === "multi-set" || (verb === "set" && words.length > 3);
  return isJail && typeof name === "string" ? name : null;
}
