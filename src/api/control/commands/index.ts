/** All commands in the order of the help, and how a request finds its own. */
import { pythonRepr, Refusal, Tuple, type Plain } from "../../../base/index.ts";
import { ACTIONS } from "./actions.ts";
import { BASIC, invalid } from "./basic.ts";
import { isList, SECTIONS, type Command } from "./command.ts";
import { GENERAL } from "./general.ts";
import { JAIL } from "./jail.ts";
import { OPTIONS } from "./options.ts";
import { STATUS } from "./status.ts";

export { jsonOf, plainText, readFloat, SECTIONS, type Command, type Json, type Section, type View } from "./command.ts";

const ALL = [...BASIC, ...STATUS, ...GENERAL, ...JAIL, ...OPTIONS, ...ACTIONS];

/** In the order of the help: by section, `set` before `get`. */
export const COMMANDS: readonly Command[] = inSections();

function inSections(): readonly Command[] {
  const parts = Map.groupBy(ALL, ({ section }) => section);
  return SECTIONS.flatMap((section) => parts.get(section) ?? []);
}

export interface Found {
  readonly command: Command;
  /** The jail first where the command names one, then what follows its words. */
  readonly args: readonly Plain[];
}

/** Words → command: at each step a fixed word wins over the beginning of one, and that over `<JAIL>`. */
interface Node {
  command?: Command;
  readonly words: Map<string, Node>;
  readonly starts: Map<string, Node>;
  jail?: Node;
}

const newNode = (): Node => ({ words: new Map(), starts: new Map() });

/** Grows as it is asked: a client that only pings need not place a hundred and fifty commands. */
const ROOT = newNode();
const BY_FIRST_WORD = Map.groupBy(ALL, ({ words }) => words.split(" ", 1)[0] ?? "");

function growFor(word: Plain | undefined): void {
  if (typeof word !== "string" || ROOT.words.has(word)) return;
  for (const command of BY_FIRST_WORD.get(word) ?? []) if (command.run !== undefined) place(ROOT, command);
}

function place(root: Node, command: Command): void {
  let node = root;
  for (const word of command.words.split(" ")) {
    if (word === "<JAIL>") node = node.jail ??= newNode();
    else node = child(word.endsWith("*") ? node.starts : node.words, word.replace(/\*$/, ""));
  }
  node.command = command;
}

function child(nodes: Map<string, Node>, word: string): Node {
  const node = nodes.get(word) ?? newNode();
  nodes.set(word, node);
  return node;
}

/** @returns the record of a request, with its arguments. @throws Refusal as the original answers what is no command. */
export function findCommand(request: Plain): Found {
  const words = wordsOf(request);
  growFor(words[0]);
  let node = ROOT;
  let best: Found | null = null;
  const named: Plain[] = [];
  for (const [at, word] of words.entries()) {
    const next = step(node, word);
    if (next === undefined) break;
    node = next.node;
    if (next.named) named.push(word);
    if (node.command !== undefined) best = { command: node.command, args: [...named, ...words.slice(at + 1)] };
  }
  if (best === null || isTooShort(best)) throw refusalOf(words, best);
  return best;
}

function isTooShort({ command, args }: Found): boolean {
  return args.length < (command.needs ?? 0);
}

function step(node: Node, word: Plain): { readonly node: Node; readonly named: boolean } | undefined {
  const fixed = typeof word === "string" ? node.words.get(word) : undefined;
  if (fixed !== undefined) return { node: fixed, named: false };
  for (const [start, begun] of node.starts)
    if (typeof word === "string" && word.startsWith(start)) return { node: begun, named: true };
  return node.jail === undefined ? undefined : { node: node.jail, named: true };
}

/** A request is a list of words, and a tuple will do; what else Python can take a first item of is not one either. */
function wordsOf(request: Plain): readonly Plain[] {
  if (request instanceof Tuple) return request.items;
  if (typeof request === "string") throw invalid();
  if (request instanceof Map) throw new Refusal("KeyError", "0", [0]);
  if (isList(request)) return request;
  const type =
    request === null
      ? "NoneType"
      : typeof request === "boolean"
        ? "bool"
        : typeof request === "number"
          ? "int"
          : "float";
  throw new Refusal("TypeError", `'${type}' object is not subscriptable`);
}

/** What is said to words that lead nowhere: too few of them, or wrong ones. */
function refusalOf(words: readonly Plain[], found: Found | null): Refusal {
  const [verb, , option] = words;
  const expects =
    typeof verb === "string" && (ROOT.words.get(verb)?.jail !== undefined || verb === "set" || verb === "get");
  if (found !== null || words.length === 0 || (expects && option === undefined))
    return new Refusal("IndexError", "list index out of range");
  if (verb === "get") return new Refusal("Exception", "Invalid command (no get action or not yet implemented)");
  if (verb === "set" || verb === "multi-set")
    return new Refusal(
      "Exception",
      `Invalid command ${pythonRepr(option ?? null)} (no set action or not yet implemented)`,
    );
  return invalid();
}
