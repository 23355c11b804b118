/**
 * One action of one jail, as meant: the properties folded into finished values, and its commands with every static tag filled in
 * (engine.md §6.1, §6.6). Frozen; a changed property makes a new definition.
 */
import { readSpan, type Span } from "../../base/index.ts";
import { conditionalFamilies, type Family, readFamily, variants } from "./family.ts";
import { actionOption, isOn } from "./options.ts";
import type { ActionSettings } from "./settings.ts";
import { type HostNames, interpolate, type Text } from "./static.ts";

export interface Definition {
  readonly jail: string;
  readonly name: string;
  readonly timeout: Span;
  /** Families that `actionstart` runs for; at least one, perhaps the empty one. */
  readonly families: readonly Family[];
  /** Families for which some property has a variant. */
  readonly conditional: ReadonlySet<Family>;
  readonly onDemand: boolean;
  readonly norestored: boolean;
  readonly repairOnUnban: boolean;
  readonly batchMax: number;
  readonly checkEvery: Span;
  readonly kernelMax: Span;
  readonly lock: string | null;
  /** A command with its static tags filled in; empty when it is not defined. */
  text(word: string, family: Family): Text;
  /** Whether the option is given, for some family; an empty one is none. */
  has(word: string): boolean;
}

/** What a definition needs besides the settings. */
export interface DefinitionWorld {
  readonly jail: string;
  readonly hosts: HostNames;
  readonly ipv6: boolean;
}

const BATCH_MAX = 100_000;

/** Seconds for a command whose `timeout` is unset or cannot be read. */
const TIMEOUT: Span = 60;

export function defineAction(settings: ActionSettings, world: DefinitionWorld): Definition {
  const properties = withDefaults(settings, world);
  const option = (word: string): string => properties.get(word) ?? actionOption(word)?.default ?? "";
  const conditional = conditionalFamilies(properties);
  const texts = new Map<string, Text>();
  const text = (word: string, family: Family): Text => {
    const key = `${word}?${family}`;
    const known = texts.get(key);
    if (known !== undefined) return known;
    const written = variants(word, family).find((variant) => properties.has(variant));
    const made =
      written === undefined
        ? ({ ok: true, text: "" } as const)
        : interpolate(word, properties.get(written) ?? "", properties, family, world.hosts);
    texts.set(key, made);
    return made;
  };
  const plain = (word: string): string => {
    const made = text(word, "");
    return made.ok ? made.text.trim() : "";
  };
  const onDemand = properties.get("actionstart_on_demand");
  return {
    jail: world.jail,
    name: settings.name,
    timeout: Number(option("timeout")),
    families: familiesOf(option("families"), conditional, world.ipv6),
    conditional,
    onDemand:
      onDemand === undefined || onDemand === "" ? onDemand === undefined && conditional.size > 0 : isOn(onDemand),
    norestored: isOn(option("norestored")),
    repairOnUnban: isOn(option("actionrepair_on_unban")),
    batchMax: Math.min(BATCH_MAX, Math.max(1, Math.trunc(Number(plain("actionbatch_max")) || BATCH_MAX))),
    checkEvery: spanOr(plain("actioncheck_every") || "0", 0),
    kernelMax: spanOr(plain("actionkernel_max") || "0", 0),
    lock: plain("actionlock") || null,
    text,
    has: (word) =>
      [...properties].some(([key, value]) => (key === word || key.startsWith(`${word}?`)) && value.trim() !== ""),
  };
}

/** What the configuration of one action says wrong, as sentences; empty when every command can be made. */
export function complaintsAbout(settings: ActionSettings, world: DefinitionWorld): readonly string[] {
  const definition = defineAction(settings, world);
  const complaints = new Set<string>();
  for (const key of settings.properties.keys()) {
    const word = key.replace(/\?.*$/, "");
    if (actionOption(word)?.kind !== "command" && !word.startsWith("actionbatch")) continue;
    for (const family of ["", "inet4", "inet6", "inet4-net", "inet6-net"] as const) {
      const made = definition.text(word, family);
      if (!made.ok) complaints.add(made.message);
    }
  }
  const timeout = settings.properties.get("timeout");
  if (timeout !== undefined && !readSpan(timeout.trim()).ok)
    complaints.add(`timeout: cannot read the duration ${timeout}`);
  return [...complaints];
}

function withDefaults(settings: ActionSettings, world: DefinitionWorld): ReadonlyMap<string, string> {
  const properties = new Map(settings.properties);
  properties.delete("bantime"); // the name belongs to the dynamic tag
  if (!properties.has("name")) properties.set("name", world.jail);
  if (!properties.has("actname")) properties.set("actname", settings.name);
  properties.set("timeout", String(spanOr(properties.get("timeout") ?? "", TIMEOUT)));
  return properties;
}

function familiesOf(given: string, conditional: ReadonlySet<Family>, ipv6: boolean): readonly Family[] {
  const words = given.split(/[\s,]+/).filter((word) => word !== "");
  if (words.length > 0) return words.map((word) => readFamily(word));
  if (conditional.size === 0) return [""];
  return ipv6 ? ["inet4", "inet6"] : ["inet4"];
}

function spanOr(text: string, fallback: Span): Span {
  const read = readSpan(text.trim());
  return read.ok ? read.seconds : fallback;
}
