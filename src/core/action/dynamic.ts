/**
 * The second phase of tag replacement (engine.md §6.6): values of a ban, most of them written by the attacker, are put into a
 * finished command. One pass, never recursive. A value with a character that means something to a shell never enters the text:
 * the tag becomes a shell variable and the value a positional parameter.
 */
import type { Script } from "./order.ts";

/** The characters that force a value out of the text. */
const DANGEROUS = /[\n\r"#$&'()*;<>?[\\\]^`{|}~]/;

/**
 * In `NAME=<tag> command` the rest of a value with blanks would be the command. The original puts it in; here, behind an equals sign,
 * such a value leaves the text too. Elsewhere a blank only splits an argument, which is the action's business.
 */
const SPLITTING = /[ \t]/;

/** Longer values leave the text too, so that a command never outgrows the system's limit for one argument (128 KiB). */
const INLINE_MAX = 1024;

/** UTF-16 units kept of one value: at most 96 KiB of UTF-8, below the same limit. What is beyond is cut off. */
export const VALUE_MAX = 32_768;

/** Units kept of all values of one command, below the system's limit for all arguments (2 MiB, shared with the environment); later values get what is left. */
export const VALUES_MAX = 262_144;

const TAG = /<([^ <>]+)>/g;

/** @returns what the tag stands for, or null when it is no dynamic tag: it stays as it is. */
export type TagReader = (tag: string) => string | null;

/** @returns the script that runs `text` with every dynamic tag filled in. */
export function fillTags(text: string, read: TagReader): Script {
  const variables = new Map<string, string>();
  const values = new Map<string, string | null>();
  let room = VALUES_MAX;
  const filled = text.replace(TAG, (tag: string, name: string, at: number) => {
    const known = values.get(name);
    const full = known === undefined ? read(name) : known;
    if (known === undefined) values.set(name, full);
    if (full === null) return tag;
    const variable = `f2bV_${variableName(name)}`;
    if (variables.has(variable)) return `$${variable}`;
    const value = clean(full, Math.min(VALUE_MAX, room));
    const splits = text[at - 1] === "=" && SPLITTING.test(value);
    if (full.length <= INLINE_MAX && !splits && !DANGEROUS.test(value)) return value;
    room -= value.length;
    variables.set(variable, value);
    return `$${variable}`;
  });
  if (variables.size === 0) return { text: filled, values: [] };
  const assignments = [...variables.keys()]
    .map((variable, index) => `${variable}=$${index > 9 ? `{${index}}` : index} `)
    .join("");
  return { text: `${assignments}\n${filled}`, values: [...variables.values()] };
}

/** @returns whether `text` has a tag that satisfies `wanted`. */
export function usesTag(text: string, wanted: (tag: string) => boolean): boolean {
  for (const found of text.matchAll(TAG)) if (wanted(found[1] ?? "")) return true;
  return false;
}

/** `ip-rev` → `ip_rev`; `F-USER` → `F_user`, in the name under which the value is looked up. */
function variableName(tag: string): string {
  const name = tag.startsWith("F-") ? `F_${fieldName(tag.slice(2))}` : tag;
  return name.replaceAll(/\W/g, "_");
}

/** The field of a ban that `<F-NAME>` stands for. */
export function fieldName(tag: string): string {
  const lower = tag.toLowerCase();
  return lower === "id" ? "fid" : lower === "port" ? "fport" : lower;
}

/** NULs cannot be handed to a process; half a surrogate pair is no text. */
function clean(value: string, limit: number): string {
  const text = value.includes("\0") ? value.replaceAll("\0", "") : value;
  return (text.length > limit ? text.slice(0, limit) : text).toWellFormed();
}
