/** Options as GNU getopt takes them: stops at the first word that is none, long options may be cut short as long as they are unambiguous (config-cli.md §7.1). */

export interface OptionSpec {
  /** One letter. */
  readonly short?: string;
  readonly long?: string;
  /** It takes a value. */
  readonly value?: boolean;
}

export interface Given<Spec extends OptionSpec> {
  readonly option: Spec;
  /** Empty for options that take none. */
  readonly value: string;
}

export type Parsed<Spec extends OptionSpec> =
  | { readonly ok: true; readonly given: readonly Given<Spec>[]; readonly rest: readonly string[] }
  | { readonly ok: false; readonly message: string };

/** @returns the options in the order in which they stand, and the words after them. */
export function getopt<Spec extends OptionSpec>(argv: readonly string[], specs: readonly Spec[]): Parsed<Spec> {
  const given: Given<Spec>[] = [];
  for (let at = 0; at < argv.length; at += 1) {
    const word = argv[at] ?? "";
    if (word === "--") return { ok: true, given, rest: argv.slice(at + 1) };
    if (!word.startsWith("-") || word === "-") return { ok: true, given, rest: argv.slice(at) };
    const next = argv[at + 1];
    const step = word.startsWith("--") ? long(word.slice(2), next, specs) : short(word.slice(1), next, specs);
    if ("message" in step) return { ok: false, message: step.message };
    given.push(...step.given);
    if (step.tookNext) at += 1;
  }
  return { ok: true, given, rest: [] };
}

type Step<Spec extends OptionSpec> =
  | { readonly given: readonly Given<Spec>[]; readonly tookNext: boolean }
  | { readonly message: string };

function long<Spec extends OptionSpec>(text: string, next: string | undefined, specs: readonly Spec[]): Step<Spec> {
  const equals = text.indexOf("=");
  const name = equals < 0 ? text : text.slice(0, equals);
  const exact = specs.filter((spec) => spec.long === name);
  const fitting = exact.length > 0 ? exact : specs.filter((spec) => spec.long?.startsWith(name));
  const [option, other] = fitting;
  if (option === undefined) return { message: `option --${name} not recognized` };
  if (other !== undefined) return { message: `option --${name} not a unique prefix` };
  if (option.value !== true) {
    if (equals >= 0) return { message: `option --${option.long ?? name} must not have an argument` };
    return { given: [{ option, value: "" }], tookNext: false };
  }
  if (equals >= 0) return { given: [{ option, value: text.slice(equals + 1) }], tookNext: false };
  if (next === undefined) return { message: `option --${option.long ?? name} requires argument` };
  return { given: [{ option, value: next }], tookNext: true };
}

/** Letters may stand together; the first that takes a value takes the rest of the word, or the next one. */
function short<Spec extends OptionSpec>(letters: string, next: string | undefined, specs: readonly Spec[]): Step<Spec> {
  const given: Given<Spec>[] = [];
  for (const [i, letter] of [...letters].entries()) {
    const option = specs.find((spec) => spec.short === letter);
    if (option === undefined) return { message: `option -${letter} not recognized` };
    const rest = [...letters].slice(i + 1).join("");
    if (option.value !== true) given.push({ option, value: "" });
    else if (rest !== "") return { given: [...given, { option, value: rest }], tookNext: false };
    else if (next === undefined) return { message: `option -${letter} requires argument` };
    else return { given: [...given, { option, value: next }], tookNext: true };
  }
  return { given, tookNext: false };
}
