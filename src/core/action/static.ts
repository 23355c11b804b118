/**
 * The first of two phases of tag replacement (engine.md §6.6): parameters from the configuration are put into the commands and into
 * each other. Values that an attacker may have written take no part in it: see dynamic.ts.
 */
import { type Family, variants } from "./family.ts";

/** A tag name may be replaced this often in one value; then it is taken for a circle (the original's limit). */
const REPLACEMENTS_MAX = 25;

/** Texts that grow beyond this are refused: circles of growing values would fill the memory before they are counted. */
export const COMMAND_LENGTH_MAX = 1 << 20;

export interface HostNames {
  readonly full: string;
  readonly short: string;
}

export type Text = { readonly ok: true; readonly text: string } | { readonly ok: false; readonly message: string };

const TAG = /<([^ <>]+)>/g;

/** Properties that stand for text of log lines even when set by the user: put in with every special character escaped, and not searched for tags. */
const RAW = new Set(["matches", "ipmatches", "ipjailmatches"]);

/** @returns `text` with every tag replaced that names a property, inner ones of composite names first; unknown tags stay. */
export function interpolate(
  key: string,
  text: string,
  properties: ReadonlyMap<string, string>,
  family: Family,
  hosts: HostNames,
): Text {
  const counts = new Map<string, number>();
  let value = text;
  TAG.lastIndex = 0;
  for (let found = TAG.exec(value); found !== null; found = TAG.exec(value)) {
    const tag = found[1] ?? "";
    const replacement = RAW.has(tag) ? null : lookUp(tag, properties, family, hosts);
    if (replacement === null) continue;
    const count = (counts.get(tag) ?? 0) + 1;
    counts.set(tag, count);
    if (tag === key || count > REPLACEMENTS_MAX) return circle(key, tag, counts, text);
    value = value.replaceAll(`<${tag}>`, () => replacement);
    if (value.length > COMMAND_LENGTH_MAX)
      return { ok: false, message: `${key} grows beyond ${COMMAND_LENGTH_MAX} characters` };
    TAG.lastIndex = 0; // what was put in may complete a name that began before it
  }
  return { ok: true, text: insertRaw(value, properties, family) };
}

const CONSTANTS: Readonly<Record<string, (hosts: HostNames) => string>> = {
  br: () => "\n",
  sp: () => " ",
  "fq-hostname": (hosts) => hosts.full,
  "sh-hostname": (hosts) => hosts.short,
};

function lookUp(tag: string, properties: ReadonlyMap<string, string>, family: Family, hosts: HostNames): string | null {
  for (const name of variants(tag, family)) {
    const value = properties.get(name);
    if (value !== undefined) return value;
  }
  return Object.hasOwn(CONSTANTS, tag) ? (CONSTANTS[tag]?.(hosts) ?? null) : null;
}

function insertRaw(text: string, properties: ReadonlyMap<string, string>, family: Family): string {
  let result = text;
  for (const tag of RAW) {
    const name = variants(tag, family).find((variant) => properties.has(variant));
    if (name !== undefined) result = result.replaceAll(`<${tag}>`, () => escapeText(properties.get(name) ?? ""));
  }
  return result;
}

function escapeText(value: string): string {
  return value
    .replace(/[\\#&;`|*?~<>^()[\]{}$'"]/g, "\\$&")
    .replaceAll("\n", "\\n")
    .replaceAll("\r", "\\r");
}

function circle(key: string, tag: string, counts: ReadonlyMap<string, number>, value: string): Text {
  const found = [...counts].map(([name, count]) => `'${name}': ${count}`).join(", ");
  return {
    ok: false,
    message: `properties contain self referencing definitions and cannot be resolved, fail tag: ${key}, found: ${tag} in {${found}}, value: ${value}`,
  };
}
