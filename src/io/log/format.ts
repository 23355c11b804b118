/**
 * One line of the log, byte for byte as fail2ban writes it (config-cli.md §7.5).
 *
 * Control characters that came from a log line are printed as `\xNN`: they must not reach a terminal.
 */
import { LEVEL_WEIGHT, printLocal, type Instant, type Said, type Zone } from "../../base/index.ts";

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
  readonly pid: number;
  /** Seconds since the program began. */
  readonly age: number;
}

/** Makes a function that prints one line without its end. The second of the last line is kept, for many lines share it. */
export function formatter(zone: Zone): (line: Line, form: Form) => string {
  let second = Number.NaN;
  let printed = "";
  const time = (at: Instant): string => {
    const whole = Math.floor(at);
    if (whole !== second) {
      second = whole;
      printed = printLocal(zone, whole);
    }
    return `${printed},${String(Math.floor((at - whole) * 1000)).padStart(3, "0")}`;
  };
  return (line, form) => {
    const text = printable(line.said.text);
    if (form.verbosity > 1) return debugging(line, form, text, time);
    const stamp = form.datetime ? `${time(line.at)} ` : "";
    const name = `fail2ban.${line.said.logger}`;
    const { level } = line.said;
    if (!form.padding) return `${stamp}${name}[${line.pid}]: ${level} ${text}`;
    return `${stamp}${name.padEnd(24)}[${line.pid}]: ${level.padEnd(7)} ${text}`;
  };
}

function debugging({ said, at, age }: Line, form: Form, text: string, time: (at: Instant) => string): string {
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

/** Keeps line feeds and tabs; every other control character becomes visible. */
export function printable(text: string): string {
  if (!CONTROLS.test(text)) return text;
  return text.replace(EACH_CONTROL, (char) => `\\x${char.charCodeAt(0).toString(16).padStart(2, "0")}`);
}
