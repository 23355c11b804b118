/** failregex, ignoreregex, prefregex → Pattern: tags, parsing, and the words for what is wrong (engine.md §2.1, §2.3). */
import { type Finding } from "./finding.ts";
import { mergePlan, type MergePlan } from "./groups.ts";
import { combineNeedles, needleSetsOf, type NeedleSet } from "./needles.ts";
import { type Compiled, type GAVE_UP, type Pattern, type PatternOptions } from "./pattern.ts";
import { compileRegex, type Regex } from "./regex.ts";
import { forgetFirsts } from "./first.ts";
import { firstChars } from "./shape.ts";
import { expandTags } from "./tags.ts";
import { type Tree } from "./tree.ts";

/** Groups that tell whom to count. */
const IDS = ["fid", "ip4", "ip6", "dns", "mlfid"];

/** Patterns that somebody still has, by what they were made of: a reload asks for all of them again. */
const inUse = new Map<string, WeakRef<Pattern>>();
/** Entries, gone ones included; with one more those are swept out, and if too few were gone, all are forgotten. */
const IN_USE_MAX = 10_000;

/** @param source as configured, with tags. @returns the same object for the same source and options, as long as somebody has it */
export function compilePattern(source: string, options: PatternOptions): Compiled {
  const key = `${options.usedns} ${options.multiline} ${source}`;
  const known = inUse.get(key)?.deref();
  if (known !== undefined) return { ok: true, pattern: known };
  const compiled = compileAnew(source, options);
  if (compiled.ok) {
    if (inUse.size >= IN_USE_MAX) sweep();
    inUse.set(key, new WeakRef(compiled.pattern));
  }
  return compiled;
}

function sweep(): void {
  for (const [key, pattern] of inUse) if (pattern.deref() === undefined) inUse.delete(key);
  if (inUse.size > IN_USE_MAX / 2) inUse.clear();
}

function compileAnew(source: string, options: PatternOptions): Compiled {
  const expanded = expandTags(source, options.usedns);
  if (expanded.trim() === "") return { ok: false, message: "Cannot add empty regex" };
  const compiled = compileRegex(expanded, { multiline: options.multiline });
  if (compiled.ok) return { ok: true, pattern: new CompiledPattern(source, expanded, compiled.regex, compiled.tree) };
  return { ok: false, message: `Unable to compile regular expression '${expanded}':\n${compiled.message}` };
}

/** What is said of a failregex that has no id, where the prefregex has none either. */
export function noIdMessage(pattern: Pattern): string {
  return `No failure-id group in '${pattern.expanded}'`;
}

class CompiledPattern implements Pattern {
  readonly source: string;
  readonly expanded: string;
  readonly groups: readonly string[];
  readonly hasId: boolean;
  readonly needles: readonly string[] | null;
  readonly needleSets: readonly NeedleSet[];
  readonly linear: boolean;
  readonly firstChars: ReadonlySet<number> | null;
  readonly regex: Regex;
  readonly merging: MergePlan;
  /** Where V8's linear engine does not stand behind the expression, the matcher takes most texts: those without a literal are kept from it. */
  readonly #literals: RegExp | null;

  constructor(source: string, expanded: string, regex: Regex, { root, names }: Tree) {
    this.source = source;
    this.expanded = expanded;
    this.regex = regex;
    this.groups = [...names.keys()];
    this.hasId = IDS.some((id) => names.has(id));
    this.needleSets = needleSetsOf(root);
    this.needles = this.needleSets[0] ?? null;
    this.linear = regex.linear;
    this.#literals = regex.linear ? null : combineNeedles([this]);
    this.firstChars = firstChars(root);
    this.merging = mergePlan(this.groups);
    forgetFirsts();
  }

  groupAt(name: string): number {
    return this.regex.names.get(name) ?? -1;
  }

  isLast(name: string): boolean {
    return this.regex.isLast(this.groupAt(name));
  }

  exec(text: string, ascii?: boolean): Finding | null | typeof GAVE_UP {
    if (this.#literals !== null && !this.#literals.test(text)) return null;
    return this.regex.exec(text, 0, text.length, ascii);
  }
  test(text: string, ascii?: boolean): boolean | typeof GAVE_UP {
    if (this.#literals !== null && !this.#literals.test(text)) return false;
    return this.regex.test(text, ascii);
  }
}
