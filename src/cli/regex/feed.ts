/** Takes the lines of a log to the examination, one after the other (config-cli.md §8.3). */
import { extractOptions, type Instant } from "../../base/index.ts";
import {
  encodingOf,
  endOfLine,
  endOfText,
  Faults,
  isPlain,
  LINE_LIMIT,
  lineOf,
  ownLineOf,
  parseMatches,
  splitChunk,
  type Encoding,
} from "../../core/line/index.ts";
import { shellWords } from "../../io/config/index.ts";
import { collect, heapSize, trim } from "../../io/machine/index.ts";
import { journalPlaceOf, readJournal } from "../../io/source/index.ts";
import type { Examination } from "./examine.ts";
import { progressOn, type Progress } from "./progress.ts";
import type { Scene } from "./run.ts";
import { readings, type Log, type Piece } from "./source.ts";
import { shorten, Untriable, useLine, type Trial } from "./trial.ts";

/** Lines of a text that the head shows. */
const SHOWN_LINES = 5;

export async function feed(scene: Scene, trial: Trial, log: Log, examination: Examination): Promise<void> {
  if (log.is === "file") return feedFile(scene, encodingIn(scene, trial), log.path, examination);
  if (log.is === "journal") return feedJournal(scene, trial, log.reference, examination);
  return feedText(scene, trial, log.text, examination);
}

function encodingIn({ world }: Scene, { jail }: Trial): Encoding {
  const encoding = encodingOf(jail.filter.logencoding, world.encoding);
  if (encoding === null) throw new Untriable(`unknown encoding: ${jail.filter.logencoding}`);
  return encoding;
}

async function feedFile(scene: Scene, encoding: Encoding, path: string, examination: Examination): Promise<void> {
  const { tell } = scene;
  tell(useLine("log file", path));
  tell(useLine("encoding", encoding.name));
  tell("");
  const reading: FileReading = {
    scene,
    encoding,
    path,
    examination,
    faults: new Faults(),
    progress: progressOn(scene.io),
    number: 0,
  };
  const { progress } = reading;
  const thrift = new Thrift();
  try {
    for await (const { pieces, done } of readings(path, encoding.lineEnd)) {
      await feedAll(reading, pieces, thrift);
      await progress.step(done, reading.number);
    }
  } finally {
    progress.end();
  }
  if (progress.cut > 0)
    scene.io.err(`${progress.cut} lines are longer than ${LINE_LIMIT} characters: what is beyond was not looked at\n`);
}

/** Bytes of the log after which memory is looked at, and bytes of the heap that it may have grown by since it was last put in order. */
const LOOK = 4 * 1024 * 1024;
const GROWN = 8 * 1024 * 1024;

/** Looks after which V8 has compiled what is run most: what its compilers took is given back. */
const WARM = 8;

/** Has what is not needed any more thrown away in time: V8 alone would let it grow to half as much memory again. */
class Thrift {
  #left = LOOK;
  #looks = 0;
  #least = heapSize();

  read(bytes: number): void {
    this.#left -= bytes;
    if (this.#left > 0) return;
    this.#left = LOOK;
    const isLarge = heapSize() > this.#least + GROWN;
    if (isLarge) collect("regular");
    this.#looks += 1;
    if (this.#looks === WARM) void trim();
    this.#least = isLarge ? heapSize() : Math.min(this.#least, heapSize());
  }
}

interface FileReading {
  readonly scene: Scene;
  readonly encoding: Encoding;
  readonly path: string;
  readonly examination: Examination;
  readonly faults: Faults;
  readonly progress: Progress;
  /** Physical lines so far. */
  number: number;
}

async function feedAll(reading: FileReading, pieces: Iterable<Piece>, thrift: Thrift): Promise<void> {
  for (const piece of pieces) {
    thrift.read(piece.bytes.length);
    const waiting = feedPiece(reading, piece);
    if (waiting !== undefined) await waiting;
  }
}

/** @returns a promise only where somebody must be asked for addresses: it would take longer than most pieces do */
function feedPiece(reading: FileReading, { bytes, ascii }: Piece): Promise<void> | void {
  const { scene, encoding, examination } = reading;
  const now = scene.now();
  if (!isPlain(bytes, encoding, ascii)) return feedDecoded(reading, bytes, now);
  return feedFrom(reading, bytes, 0, examination.begin(bytes), now);
}

/** @param sifts most lines are passed over: they are never cut out of the piece */
function feedFrom(
  reading: FileReading,
  bytes: string,
  from: number,
  sifts: boolean,
  now: Instant,
): Promise<void> | void {
  const { examination } = reading;
  for (let at = from; at < bytes.length;) {
    const end = endOfLine(bytes, at);
    const isPassed =
      sifts && bytes.charCodeAt(at) !== HASH && examination.pass(bytes, at, endOfText(bytes, at, end), now);
    const line = isPassed ? null : sifts ? ownLineOf(bytes, at, end) : lineOf(bytes, at, end);
    const waiting = line === null ? void (reading.number += 1) : feedLine(reading, line, true, now);
    if (waiting !== undefined) return waiting.then(() => feedFrom(reading, bytes, end, sifts, now));
    at = end;
  }
}

async function feedDecoded(reading: FileReading, bytes: string, now: Instant): Promise<void> {
  const { scene, encoding, path, faults } = reading;
  const { texts, ascii, faulty } = splitChunk(bytes, encoding, false);
  if (faulty !== null) for (const said of faults.report(path, encoding.name, faulty, now)) scene.say(said);
  for (const text of texts) {
    const waiting = feedLine(reading, text, ascii, now);
    if (waiting !== undefined) await waiting;
  }
}

function feedLine(reading: FileReading, text: string, ascii: boolean, now: Instant): Promise<void> | void {
  reading.number += 1;
  if (text.length === 1 || text.charCodeAt(0) === HASH) return;
  return reading.examination.line(within(text, reading.progress), ascii, reading.number, now);
}

const HASH = 0x23;

function within(text: string, progress: Progress): string {
  if (text.length <= LINE_LIMIT + 1) return text;
  progress.cut += 1;
  return `${text.slice(0, LINE_LIMIT)}\n`;
}

async function feedJournal(scene: Scene, trial: Trial, reference: string, examination: Examination): Promise<void> {
  const { tell, options, world, now } = scene;
  const extracted = extractOptions(reference);
  const place = extracted.ok ? journalPlaceOf(extracted.options) : { bad: extracted.reason };
  if ("bad" in place) throw new Untriable(place.bad);
  const lines = options.journalmatch === null ? trial.jail.journalmatch : [wordsOf(options.journalmatch)];
  const matches = parseMatches(lines);
  if ("bad" in matches) throw new Untriable(`Invalid journal match: ${matches.bad}`);
  tell(`Use ${"systemd journal".padStart(23)}`);
  tell(useLine("encoding", encodingIn(scene, trial).name));
  if (matches.groups.length > 0) tell(useLine("journal match", lines.map((words) => words.join(" ")).join(" + ")));
  tell("");
  const encoding = encodingIn(scene, trial);
  const entries = readJournal({ place, matches: matches.groups, encoding, zone: world.zone });
  let number = 0;
  for (;;) {
    const next = await entries.next();
    if (next.done === true) {
      if (next.value !== null) throw new Untriable(next.value);
      return;
    }
    for (const entry of next.value) {
      number += 1;
      const waiting = examination.entry(entry, number, now());
      if (waiting !== undefined) await waiting;
    }
  }
}

function wordsOf(match: string): readonly string[] {
  const words = shellWords(match);
  if ("message" in words) throw new Untriable(words.message);
  return words;
}

async function feedText(scene: Scene, trial: Trial, text: string, examination: Examination): Promise<void> {
  const { tell, now, options } = scene;
  const isSingle = options.maxlines <= 1 && trial.jail.filter.maxlines <= 1 && !text.includes("\n");
  const lines = text.split("\n");
  if (isSingle) tell(useLine("single line", shorten(text)));
  else {
    tell(`Use ${"multi line".padStart(15)} : ${lines.length} line(s)`);
    for (const [index, line] of lines.slice(0, SHOWN_LINES).entries()) tell(`|  ${index + 1}: ${shorten(line)}`);
    if (lines.length > SHOWN_LINES) tell("| ...");
    tell("`-");
  }
  tell("");
  for (const [index, whole] of lines.entries()) {
    const line = whole.replace(/[\r\n]+$/, "").slice(0, LINE_LIMIT);
    if (line === "" || line.startsWith("#")) continue;
    const waiting = examination.line(`${line}\n`, false, index + 1, now());
    if (waiting !== undefined) await waiting;
  }
}
