/**
 * Hostile variants of a sample line: text of an attacker's in every part that an expression leaves free, for the proof
 * that no other address than the true one can be found in it (injection.test.ts).
 *
 * Free is what a client may have a say in: names of users, and every loop over nearly any character. A name can be anything
 * whatever its expression takes, and so can `.*`; a narrower loop (`\S+`, `[^"]*`) says what the log's format keeps out of
 * that part, so it gets no more than it takes. Where an expression takes quotes only behind a backslash, the format
 * escapes them, and so does the variant.
 */
import { type Found } from "../../src/core/filter/index.ts";
import { compileRegex, GAVE_UP, type Pattern, type TextSpan } from "../../src/core/pattern/index.ts";
import { readLine, type Presented } from "./judge.ts";

/** Addresses that must never be found. */
export const EVIL = ["192.0.2.66", "2001:db8:bad::66"] as const;

export interface Variant {
  readonly text: string;
  /** The free part, as it is written in the expression. */
  readonly part: string;
}

/** A part of a line, with the text of the expression that took it. */
interface Part {
  readonly span: TextSpan;
  readonly source: string;
  readonly escapes: boolean;
  /** What the format lets into it; null: anything. */
  readonly takes: RegExp | null;
}

/** The sample as one expression found it. */
interface Sighting {
  /** The line without its date, and where the date was cut out. */
  readonly message: string;
  readonly cut: number;
  readonly date: string;
  /** Where the true address stands in the message. */
  readonly address: TextSpan;
  readonly parts: readonly Part[];
}

/** All variants of a line in which the filter finds a failure; none where the address stands in another line. */
export function* variantsOf(line: Presented): Generator<Variant> {
  const [found] = readLine(line);
  const sighting = found === undefined ? null : sightingOf(line, found);
  if (sighting === null) return;
  for (const part of sighting.parts) {
    for (const text of payloadsFor(sighting, part)) {
      const put = part.escapes ? text.replaceAll(/["\\]/g, "\\$&") : text;
      if (part.takes !== null && !part.takes.test(put)) continue;
      yield { part: part.source, text: replaced(sighting, part.span, put) };
    }
  }
}

function sightingOf({ candidate, text }: Presented, { rule }: Found): Sighting | null {
  const { settings, reader } = candidate.stock;
  const { before, after } = reader.dating.cut();
  const message = before + after;
  const whole = (candidate.options["test.prefix-line"] ?? "") + text;
  const date =
    candidate.options["logtype"] === "journal" ? "" : whole.slice(before.length, whole.length - after.length);
  const failregex = settings.failregex[rule];
  if (failregex === undefined || settings.maxlines > 1) return null;
  const { prefregex } = settings;
  const first = prefregex === null ? null : look(prefregex, `${message}\n`, 0);
  const content = first?.content ?? null;
  const second =
    content === null
      ? look(failregex, `${message}\n`, 0)
      : look(failregex, `${message.slice(...content)}\n`, content[0]);
  const address = second?.address ?? first?.address;
  if (!address) return null;
  const parts = [
    ...(first?.parts ?? []),
    ...(second?.parts ?? []),
    ...(second === null ? [] : restOf(message, second)),
  ];
  const apart = parts.filter(
    ({ span }) => span[1] <= address[0] || (span[0] >= address[1] && span[1] <= message.length),
  );
  return { message, cut: before.length, date, address, parts: apart };
}

/** What an expression without an end leaves to the line's end. */
function restOf(message: string, { end, escapes }: Look): readonly Part[] {
  const span = [end, message.length] as const;
  return end < message.length ? [{ span, source: "what is behind the match", escapes, takes: null }] : [];
}

interface Look {
  readonly end: number;
  /** Whether the log's format escapes quotes. */
  readonly escapes: boolean;
  readonly content: TextSpan | null;
  readonly address: TextSpan | null;
  readonly parts: readonly Part[];
}

const looking = new Map<string, ReturnType<typeof lookingGlass>>();

/** Where an expression's free parts are in a text that it matches; places are moved by `offset`. */
function look(pattern: Pattern, text: string, offset: number): Look | null {
  const glass = looking.get(pattern.expanded) ?? lookingGlass(pattern);
  looking.set(pattern.expanded, glass);
  const match = glass.regex.exec(text);
  if (match === null || match === GAVE_UP) return null;
  const span = (name: string): TextSpan | null => {
    const at = glass.names.has(name) ? match.span(name) : null;
    return at === null ? null : [at[0] + offset, at[1] + offset];
  };
  const parts = glass.free.flatMap(({ name, ...part }) => {
    const at = span(name);
    return at === null ? [] : [{ span: at, ...part }];
  });
  const address = span("ip4") ?? span("ip6") ?? span("dns") ?? span("fid");
  const escapes = glass.free.some((part) => part.escapes);
  return { end: match.end + offset, escapes, content: span("content"), address, parts };
}

/** Names that users give themselves, whatever their expression lets through. */
const USERS = ["user", "alt_user", "alt_user1", "email"];

/** The expression with a group of its own around each free part. */
function lookingGlass({ expanded, groups }: Pattern) {
  const free: (Omit<Part, "span"> & { readonly name: string })[] = [];
  const source = expanded.replaceAll(
    ATOMS,
    (whole: string, atom: string | undefined, times: string | undefined, at: number) => {
      if (atom === undefined || times === undefined || !isWide(atom)) return whole;
      if (expanded.slice(0, at).endsWith("(?:") && expanded.startsWith(LOGGERS_WORD, at)) return whole;
      const name = `free_${free.length}`;
      const takes = atom === "." ? null : new RegExp(`^(?:${atom})*$`);
      free.push({ name, source: whole, escapes: atom.includes("\\\\."), takes });
      return `(?P<${name}>${whole})`;
    },
  );
  const compiled = compileRegex(source);
  if (!compiled.ok) throw new Error(`${compiled.message}: ${source}`);
  const users = USERS.filter((name) => groups.includes(name)).map((name) => ({
    name,
    source: `<F-${name.toUpperCase()}>`,
    escapes: free.some(({ escapes }) => escapes),
    takes: null,
  }));
  const names = new Set([...groups, ...free.map(({ name }) => name)]);
  return { regex: compiled.regex, free: [...free, ...users], names };
}

/** An optional word with nothing else to it is the host's name, which the logger writes. */
const LOGGERS_WORD = "\\S+\\s+)?";

/** One character of an expression (or the alternatives of an escaped one) with a loop behind it; else one to pass over. */
const ATOMS =
  /((?:\\.)|\[\^?\]?(?:\\.|[^\]\\])*\]|\.|\(\?:\[\^(?:\\.|[^\]\\])*\](?:\|(?:\\.|\[[^\]]*\]|[^()|])+)+\))((?:[*+]|\{\d*,\d*\})\??)|\\.|\[\^?\]?(?:\\.|[^\]\\])*\]/g;

function isWide(atom: string): boolean {
  const one = new RegExp(`^(?:${atom})$`);
  return ["a", "z", "0", ".", ":"].every((char) => one.test(char));
}

function replaced({ message, cut, date }: Sighting, [from, to]: TextSpan, put: string): string {
  const line = message.slice(0, from) + put + message.slice(to);
  const at = cut <= from ? cut : cut >= to ? cut + put.length - (to - from) : from;
  return line.slice(0, at) + date + line.slice(at);
}

/** What an attacker would send in the place of a part. */
function payloadsFor({ message, address }: Sighting, { span }: Part): readonly string[] {
  const own = message.slice(...span);
  return EVIL.flatMap((evil) => {
    const forged = message.slice(0, address[0]) + evil + message.slice(address[1]);
    const shift = evil.length - (address[1] - address[0]);
    const moved = (place: number): number => (place >= address[1] ? place + shift : place);
    return [...shapes(evil), ...continuations(forged, own, moved(span[0]), moved(span[1]), evil)];
  });
}

/** An address in the dress of what many programs log. */
function shapes(evil: string): readonly string[] {
  return [
    evil,
    `x from ${evil}`,
    `x from ${evil} port 1`,
    `x from ${evil} port 1 ssh2`,
    `x from ${evil} port 1 [preauth]`,
    `rhost=${evil}`,
    `x rhost=${evil}  user=y`,
    `[${evil}]`,
    `x [${evil}]`,
    `x (${evil})`,
    `(x) [${evil}]`,
    `x ${evil}: y`,
    `${evil}:1`,
    `x' from '${evil}'`,
    `x" from "${evil}"`,
    `<${evil}>`,
    `x\\n${evil}`,
    `x, client: ${evil}, server: y`,
    `x, IP: ${evil}`,
    `x>, rip=${evil}, lip=${evil}`,
    `","remoteAddr":"${evil}","x":"`,
    `x|${evil}|y`,
  ];
}

/** The line's own words around an address, so that the part looks as if the line went on, or began, in it. */
function continuations(forged: string, own: string, from: number, to: number, evil: string): readonly string[] {
  const address = forged.lastIndexOf(evil);
  const behind = forged.slice(to);
  const upTo = forged.slice(to, Math.max(to, address + evil.length));
  const before = forged.slice(0, from);
  const around = forged.slice(Math.max(0, address - 12), address + evil.length + 24);
  return [
    ...[own, "x", ""].flatMap((begin) => [begin + behind, `${begin + behind} `, begin + upTo, `${begin + upTo} y`]),
    `x${behind}x`,
    `x${behind} x${behind}`,
    forged,
    `x ${forged}`,
    ` ${before.trim()} ${around}`,
    around,
    `x ${around} x`,
    ...wordsAround(forged, address, evil),
  ].filter((text) => text.length <= 4096);
}

/** Growing pieces of the forged line that end with the address, or go on to the line's end. */
function wordsAround(forged: string, address: number, evil: string): readonly string[] {
  const starts = [...forged.slice(0, Math.max(0, address)).matchAll(/\S+/g)].map(({ index }) => index).slice(-6);
  return starts.flatMap((start) => [
    forged.slice(start, address + evil.length),
    `x ${forged.slice(start)}`,
    `x" ${forged.slice(start)}`,
    `x' ${forged.slice(start)}`,
  ]);
}
