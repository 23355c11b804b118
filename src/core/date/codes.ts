/**
 * The `%` codes of a `datepattern`: what each accepts, as an expression of Python's dialect with a named group, and
 * what it is called in the template's name (engine.md §3.3). Putting them into a pattern is here too; boundaries and
 * groups around the whole are `expression.ts`.
 */

interface Code {
  readonly expression: string;
  readonly name: string;
}

const DAY = String.raw`[12]\d|[0 ]?[1-9]|3[01]`;
const HOUR = String.raw`[01]?\d|2[0-3]`;
const MINUTE = String.raw`[0-5]?\d`;
const SECOND = String.raw`[0-5]?\d|6[01]`;
const WEEK = String.raw`5[0-3]|[0-4]\d|\d`;
const ABBREVIATION = "[A-Z](?:[A-Z]{2,4})?";
const OFFSET = String.raw`[+-][01]\d(?::?\d{2})?`;
const WEEKDAYS = ["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"];
const MONTHS = "january february march april may june july august september october november december".split(" ");

/** English names in lower case, Monday and January first; never the locale's. */
export const NAMES = {
  weekday: WEEKDAYS,
  month: MONTHS,
  shortWeekday: WEEKDAYS.map((name) => name.slice(0, 3)),
  shortMonth: MONTHS.map((name) => name.slice(0, 3)),
} as const;

const group = (letter: string, expression: string): string => `(?P<${letter}>${expression})`;

/** Python's own forms of the fields, which only `%c`, `%x` and `%X` are made of. */
const CLOCK = [
  group("H", String.raw`2[0-3]|[01]\d|\d`),
  group("M", String.raw`[0-5]\d|\d`),
  group("S", String.raw`6[01]|[0-5]\d|\d`),
].join(":");
const LONG_DAY = group("d", String.raw`3[01]|[12]\d|0[1-9]|[1-9]| [1-9]`);
const SHORT_WEEKDAY = group("a", NAMES.shortWeekday.join("|"));
const SHORT_MONTH = group("b", NAMES.shortMonth.join("|"));

/** Every code without its percent sign. The decades of `ExY` are put in by `codesFor`. */
const CODES: ReadonlyMap<string, Code> = new Map<string, Code>(
  Object.entries({
    Y: { expression: group("Y", String.raw`\d{4}`), name: "Year" },
    y: { expression: group("y", String.raw`\d\d`), name: "Year2" },
    Exy: { expression: group("y", String.raw`\d\d`), name: "ExYear2" },
    m: { expression: group("m", "0?[1-9]|1[0-2]"), name: "Month" },
    Exm: { expression: group("m", "0[1-9]|1[0-2]"), name: "ExMonth" },
    d: { expression: group("d", DAY), name: "Day" },
    Exd: { expression: group("d", String.raw`[12]\d|0[1-9]|3[01]`), name: "ExDay" },
    H: { expression: group("H", HOUR), name: "24hour" },
    ExH: { expression: group("H", String.raw`[01]\d|2[0-3]`), name: "Ex24hour" },
    k: { expression: ` ?${group("H", String.raw`[0-2]?\d`)}`, name: "%k" },
    Exk: { expression: ` ?${group("H", HOUR)}`, name: "%Exk" },
    I: { expression: group("I", "1[0-2]|0[1-9]|[1-9]"), name: "12hour" },
    l: { expression: ` ?${group("I", String.raw`1?\d`)}`, name: "%l" },
    Exl: { expression: ` ?${group("I", String.raw`1[0-2]|\d`)}`, name: "%Exl" },
    M: { expression: group("M", MINUTE), name: "Minute" },
    ExM: { expression: group("M", String.raw`[0-5]\d`), name: "ExMinute" },
    S: { expression: group("S", SECOND), name: "Second" },
    ExS: { expression: group("S", String.raw`[0-5]\d|6[01]`), name: "ExSecond" },
    f: { expression: group("f", "[0-9]{1,6}"), name: "Microseconds" },
    p: { expression: group("p", "am|pm"), name: "AMPM" },
    a: { expression: SHORT_WEEKDAY, name: "DAY" },
    A: { expression: group("A", WEEKDAYS.join("|")), name: "DAYNAME" },
    b: { expression: SHORT_MONTH, name: "MON" },
    B: { expression: group("B", MONTHS.join("|")), name: "MONTH" },
    j: {
      expression: group("j", String.raw`36[0-6]|3[0-5]\d|[12]\d\d|0[1-9]\d|00[1-9]|[1-9]\d|0[1-9]|[1-9]`),
      name: "Yearday",
    },
    U: { expression: group("U", WEEK), name: "Yearweek" },
    W: { expression: group("W", WEEK), name: "Yearweek" },
    w: { expression: group("w", "[0-6]"), name: "Weekday" },
    G: { expression: group("G", String.raw`\d{4}`), name: "%G" },
    u: { expression: group("u", "[1-7]"), name: "%u" },
    V: { expression: group("V", String.raw`5[0-3]|0[1-9]|[1-4]\d|\d`), name: "%V" },
    z: { expression: group("z", `Z|UTC|GMT|${OFFSET}`), name: "Zone offset" },
    Exz: { expression: group("z", `(?:${ABBREVIATION})?${OFFSET}|${ABBREVIATION}`), name: "ExZone offset" },
    Z: { expression: group("Z", "Z|[A-Z]{3,5}"), name: "Zone name" },
    ExZ: { expression: group("Z", ABBREVIATION), name: "ExZone name" },
    c: {
      expression: [SHORT_WEEKDAY, SHORT_MONTH, LONG_DAY, CLOCK, group("Y", String.raw`\d{4}`)].join(String.raw`\s+`),
      name: "%c",
    },
    x: { expression: `${group("m", "1[0-2]|0[1-9]|[1-9]")}/${LONG_DAY}/${group("y", String.raw`\d\d`)}`, name: "%x" },
    X: { expression: CLOCK, name: "%X" },
    "%": { expression: "%", name: "%" },
  }),
);

/** Letters make the whole expression blind to case (engine.md §3.3); a code after another percent sign is a literal. */
const CASELESS = /(?<!%)%[aAbBpc]/;

/** The decades in which a year of `%ExY` must lie: around the present, and back to 2000. */
export function decadesOf(thisYear: number): readonly string[] {
  const years = [thisYear - 1, thisYear + 3];
  for (let year = 2000; year <= thisYear; year += 3) years.push(year);
  return [...new Set(years.map((year) => String(year).padStart(4, "0").slice(0, 3)))].toSorted();
}

function yearIn(decades: readonly string[]): string {
  const century = decades[0]?.slice(0, 2) ?? "";
  const same = decades.every((decade) => decade.startsWith(century));
  const digits = same ? `${century}[${decades.map((decade) => decade.slice(2)).join("")}]` : `(?:${decades.join("|")})`;
  return group("Y", String.raw`${digits}\d`);
}

export type Spelled =
  | { readonly ok: true; readonly expression: string; readonly name: string; readonly caseless: boolean }
  | { readonly ok: false; readonly reason: string };

const CODE = new RegExp(`^(?:${[...CODES.keys(), "ExY"].toSorted((a, b) => b.length - a.length).join("|")})`);
/** `%(Y)s` is how the original writes its codes inside, and so another way to write `%Y`. */
const MAPPED = /^\(([^)]*)\)s/;

/** Puts the codes' expressions and names into a pattern. A percent sign that begins no code is refused in Python's words. */
export function spell(pattern: string, thisYear: number): Spelled {
  let expression = "";
  let name = "";
  let coded = false;
  let index = 0;
  for (let at = 0; at < pattern.length;) {
    const next = pattern.indexOf("%", at);
    const end = next < 0 ? pattern.length : next;
    expression += pattern.slice(at, end);
    name += pattern.slice(at, end);
    index += end - at;
    if (next < 0) break;
    const rest = pattern.slice(next + 1);
    const mapped = MAPPED.exec(rest);
    const letters = mapped?.[1] ?? CODE.exec(rest)?.[0];
    const code = letters === undefined ? undefined : codeOf(letters, thisYear);
    if (code === undefined) return { ok: false, reason: refusalOf(rest, index, coded) };
    expression += code.expression;
    name += code.name;
    coded = true;
    at = next + 1 + (mapped?.[0].length ?? letters?.length ?? 0);
    index += (letters?.length ?? 0) + 4;
  }
  return { ok: true, expression, name, caseless: CASELESS.test(pattern) };
}

function codeOf(letters: string, thisYear: number): Code | undefined {
  return letters === "ExY" ? { expression: yearIn(decadesOf(thisYear)), name: "ExYear" } : CODES.get(letters);
}

/** Flags, width, precision and length, as Python's `%` formatting allows them before the letter. */
const CONVERSION = /^(?:\(([^)]*)(\)?))?([-+ #0]*)(\*|\d*)(?:\.(\*|\d*))?[hlL]?/;

/**
 * What Python says of a percent sign that begins no code.
 *
 * @param index where the percent sign stands after the codes before it were written as `%(code)s`
 * @param coded whether a code came before, which leaves nothing for a plain conversion
 */
function refusalOf(rest: string, index: number, coded: boolean): string {
  const match = CONVERSION.exec(rest);
  const [whole = "", key, closed, , width, precision] = match ?? [];
  if (key !== undefined && closed === "") return "incomplete format key";
  if (key !== undefined && codeOf(key, 2000) === undefined) return `'${key}'`;
  if (width === "*" || precision === "*") return coded ? "not enough arguments for format string" : "* wants int";
  const letter = [...rest.slice(whole.length)][0];
  if (letter === undefined) return "incomplete format";
  if (coded && key === undefined) return "not enough arguments for format string";
  const given = key === undefined ? "dict" : "str";
  if ("eEfFgG".includes(letter)) return `must be real number, not ${given}`;
  if ("diu".includes(letter)) return `%${letter} format: a real number is required, not ${given}`;
  if ("oxX".includes(letter)) return `%${letter} format: an integer is required, not ${given}`;
  if ("sra".includes(letter)) return `a code is expected after the percent sign, not '${letter}'`;
  const point = letter.codePointAt(0) ?? 0;
  const shown = point > 31 && point < 127 ? letter : "?";
  return `unsupported format character '${shown}' (0x${point.toString(16)}) at index ${index + 1 + whole.length}`;
}
