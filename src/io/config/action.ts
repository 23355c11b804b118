/** Stage: one reference of `action = …` → its commands (config-cli.md §2.4). */
import { extractOptions, textRepr, type Place, type Plain } from "../../base/index.ts";
import { combine, placeOf, type Combined, type Definition, type JailView, type Recognised } from "./definition.ts";
import { Unreadable, inFolder, joinPath, type Written } from "./files.ts";
import { readFileSet } from "./fileset.ts";
import type { Shelf } from "./shelf.ts";
import type { StreamCommand } from "./stream.ts";
import { putTags } from "./tags.ts";
import { booleanOf } from "./values.ts";

/** In the order in which they are sent. */
export const ACTION_OPTIONS: readonly Recognised[] = [
  { key: "actionstart", type: "text" },
  { key: "actionstart_on_demand", type: "bool" },
  { key: "actionstop", type: "text" },
  { key: "actionflush", type: "text" },
  { key: "actionreload", type: "text" },
  { key: "actioncheck", type: "text" },
  { key: "actionrepair", type: "text" },
  { key: "actionrepair_on_unban", type: "bool" },
  { key: "actionban", type: "text" },
  { key: "actionprolong", type: "text" },
  { key: "actionreban", type: "text" },
  { key: "actionunban", type: "text" },
  { key: "norestored", type: "bool" },
];

const TYPES = new Map(ACTION_OPTIONS.map(({ key, type }) => [key, type]));
const RUN_TIME = new Set(["matches", "ipmatches", "ipjailmatches", "timeout", "bantime"]);

/** One action, read. */
export type ReadAction =
  | { readonly is: "commands"; readonly combined: Combined }
  | { readonly is: "module"; readonly file: string; readonly command: StreamCommand };

/**
 * @param jail all options of the jail
 * @throws Unreadable when the reference is malformed or the action's files cannot be used
 */
export function readAction(
  store: Shelf,
  base: string,
  jailName: string,
  reference: Written,
  jail: JailView,
): ReadAction {
  const extracted = extractOptions(reference.text);
  if (!extracted.ok)
    throw new Unreadable(
      `Invalid action definition ${textRepr(reference.text)}: ${extracted.reason}`,
      reference.at,
      "write action = name[option=value, option=value]",
    );
  const { name, options } = extracted;
  if (name.endsWith(".py"))
    return { is: "module", file: name, command: moduleCommand(base, jailName, name, options, reference) };
  const refusal = `Unable to read action ${textRepr(name)}`;
  const { book, missed } = readFileSet(store, base, inFolder(store.files, "action.d", name), reference.at, refusal);
  const [first] = missed;
  if (first !== undefined) throw new Unreadable(refusal, first.at, `${first.message}: ${first.remedy ?? "correct it"}`);
  const definition: Definition = {
    book,
    recognised: ACTION_OPTIONS,
    ignored: RUN_TIME,
    arguments: withNames(jailName, name, options),
    at: reference.at,
    answers: null,
  };
  return { is: "commands", combined: combine(definition, jail, false) };
}

/** @throws Unreadable when the action's tags refer to themselves */
export function actionCommands(action: ReadAction, jailName: string): StreamCommand[] {
  return action.is === "module"
    ? [action.command]
    : definedCommands(action.combined.definition, jailName, putTags(action.combined));
}

/** `actname` is the file's name, with what tells several uses of one file apart. */
function withNames(jailName: string, file: string, options: ReadonlyMap<string, string>): Map<string, string> {
  const given = new Map(options);
  const name = given.get("name") ?? jailName;
  given.set("name", name);
  if (given.has("actname")) return given;
  const suffix = name === jailName ? "" : name.startsWith(jailName) ? name.slice(jailName.length) : `-${name}`;
  given.set("actname", file + suffix);
  return given;
}

function moduleCommand(
  base: string,
  jailName: string,
  file: string,
  options: ReadonlyMap<string, string>,
  { at }: Written,
): StreamCommand {
  const given = new Map(options);
  const actname = given.get("actname") ?? file.slice(0, -3);
  given.delete("actname");
  return {
    words: ["set", jailName, "addaction", actname, joinPath(joinPath(base, "action.d"), file), pythonJson(given)],
    at,
  };
}

function definedCommands(
  definition: Definition,
  jailName: string,
  values: ReadonlyMap<string, string>,
): StreamCommand[] {
  const actname = definition.arguments.get("actname") ?? "";
  const pairs: [string, Plain][] = [];
  values.forEach((value, key) => {
    const type = TYPES.get(key);
    if (type !== undefined) pairs.push([key, type === "bool" ? booleanOf(value) : value]);
  });
  definition.arguments.forEach((value, key) => {
    if (!TYPES.has(key) && !key.startsWith("known/")) pairs.push([key, value]);
  });
  const commands: StreamCommand[] = [{ words: ["set", jailName, "addaction", actname], at: definition.at }];
  const itemAt = (index: number): Place => placeOf(definition, pairs[index]?.[0] ?? "")?.at ?? definition.at;
  const [only] = pairs;
  if (pairs.length === 1 && only !== undefined)
    commands.push({ words: ["set", jailName, "action", actname, ...only], at: itemAt(0) });
  else commands.push({ words: ["multi-set", jailName, "action", actname, pairs], at: definition.at, itemAt });
  return commands;
}

/** An object of texts as Python's `json.dumps` writes it. */
function pythonJson(values: ReadonlyMap<string, string>): string {
  const text = (value: string): string =>
    JSON.stringify(value).replace(/[^ -~]/g, (char) => `\\u${char.charCodeAt(0).toString(16).padStart(4, "0")}`);
  return `{${[...values].map(([key, value]) => `${text(key)}: ${text(value)}`).join(", ")}}`;
}
