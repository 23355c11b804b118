/**
 * One line of the log, byte for byte as fail2ban writes it (config-cli.md §7.5).
 *
 * Control characters that came from a log line must not reach a terminal: who writes the line asks `printable` first.
 */
import { LEVEL_WEIGHT, printLocal, type Instant, type Level, type Said, type Zone } from "../../base/index.ts";

export interface Form {
  /** Date and time in front. */
  readonly datetime: boolean;
  /** Name and level padded to columns. */
  readonly padding: boolean;
  /** Up to 1: the usual form; 2 and more: the forms for debugging. */
  readonly verbosity: number;
}

export interface Line {
  readonly said: Said;
  readonly at: Instant;
  /** Seconds since the program began. */
  readonly age: number;
}

/**
 * Makes a function that prints one line without its end. The second of the last line is kept, for many lines share it, and so are
 * the names and levels in their columns.
 */
export function formatter(zone: Zone, pid: number, form: Form): (line: Line) => string {
  const heads = new Map<string, Map<Level, string>>();
  let second = Number.NaN;
  let printed = "";
  let moment = Number.NaN;
  let stamp = "";
  const time = (at: Instant): string => {
    // Under load hundreds of lines are said within one tick of the clock.
    if (at === moment) return stamp;
    const whole = Math.floor(at);
    if (whole !== second) {
      second = whole;
      printed = printLocal(zone, whole);
    }
    moment = at;
    stamp = `${printed},${String(Math.floor((at - whole) * 1000)).padStart(3, "0")}`;
    return stamp;
  };
  const headOf = ({ logger, level }: Said): string => {
    const known = heads.get(logger)?.get(level);
    if (known !== undefined) return known;
    const name = `fail2ban.${logger}`;
    const head = form.padding ? `${name.padEnd(24)}[${pid}]: ${level.padEnd(7)} ` : `${name}[${pid}]: ${level} `;
    const ofLogger = heads.get(logger) ?? new Map<Level, string>();
    if (heads.size < HEADS_KEPT) heads.set(logger, ofLogger.set(level, head));
    return head;
  };
  let front = "";
  let frontAt = Number.NaN;
  let frontOf: Said | null = null;
  /** All in front of the text: many lines of one kind are said within one tick of the clock. */
  const frontFor = ({ said, at }: Line): string => {
    const isSame = frontOf !== null && said.logger === frontOf.logger && said.level === frontOf.level;
    if (isSame && at === frontAt) return front;
    front = [form.datetime ? `${time(at)} ` : "", headOf(said)].join(""); // as one text, which adding would not make of it
    frontAt = at;
    frontOf = said;
    return front;
  };
  return (line) => (form.verbosity > 1 ? debugging(line, form, time) : frontFor(line) + line.said.text);
}

/** More than there are names; they may come from outside (`echo`). */
const HEADS_KEPT = 200;

function debugging({ said, at, age }: Line, form: Form, time: (at: Instant) => string): string {
  const { text } = said;
  const thread = "0000000000000000";
  const level = said.level.slice(0, 5).padEnd(5);
  if (form.verbosity === 2) return ` ${form.datetime ? `${time(at)} ` : ""}${thread} ${level} ${text}`;
  const head = ` +${String(Math.floor(age * 1000)).padStart(5)} ${thread} ${`fail2ban.${said.logger}`.slice(0, 25).padEnd(25)} ${level}`;
  if (form.verbosity === 3) return `${head} ${text}`;
  return `${head} | ${said.logger.slice(0, 15).padStart(15)}-${String(LEVEL_WEIGHT[said.level]).padStart(2)}: ${"".padEnd(20)} | ${text}`;
}

// eslint-disable-next-line no-control-regex
const CONTROLS = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f]/;
// eslint-disable-next-line no-control-regex
const EACH_CONTROL = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f]/g;

/** Keeps line feeds and tabs; every other control character becomes visible: `\xNN`. */
export function printable(text: string): string {
  if (!CONTROLS.test(text)) return text;
  return text.replace(EACH_CONTROL, (char) => `\\x${char.charCodeAt(0).toString(16).padStart(2, "0")}`);
}
