/**
 * The worst that a line of 64 KiB can do: every stock filter, ours and Debian's, in its normal and its aggressive mode, on sample lines that
 * are blown up in the middle, by one thing repeated or by pieces of themselves, and on lines of one thing repeated; and expressions of
 * which engines are afraid, as a user might write them. Nothing is left out, however long a filter takes.
 *
 *     sh scripts/with-node.sh bench/worst.ts [--quick]
 *
 * Processor time of a whole line (date, prefix, all expressions), the least of three (of seven for a single expression, so that V8 has
 * compiled the matcher). The original gets the worst line as a whole process,
 * with a limit: what takes it longer is stopped and counted as the limit.
 */
import { cpSync, existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { setFlagsFromString } from "node:v8";
import { createDetector } from "../src/core/date/index.ts";
import { FilterReader, type FilterSettings } from "../src/core/filter/index.ts";
import { foldStream, startGeneral } from "../src/core/jail/index.ts";
import { compilePattern, prepareEngine, type Pattern } from "../src/core/pattern/index.ts";
import { zoneNamed } from "../src/daemon/zone.ts";
import { disk, readConfiguration } from "../src/io/config/index.ts";
import { oracleConfig, oracleEnvironment, oracleLacks, oracleProgram } from "../test/oracle.ts";
import { logsOf } from "../test/samples/judge.ts";
import { runProcess } from "./process.ts";
import { printRows, type Row } from "./row.ts";

prepareEngine(setFlagsFromString);

const LINE = 65_536;
const LIMIT = 20;
const PUMPS = ["a", " ", "from ", "1.", ": ", '"', "[", "a:"];
const OURS = fileURLToPath(new URL("../config", import.meta.url));

/** How thoroughly is searched: samples of a filter, places in each, and things that are put there. */
interface Care {
  readonly samples: number;
  readonly places: number;
  readonly pumps: number;
}
export const FULL: Care = { samples: 3, places: 8, pumps: PUMPS.length };
export const QUICK: Care = { samples: 1, places: 3, pumps: 2 };

interface Worst {
  readonly name: string;
  readonly settings: FilterSettings;
  readonly text: string;
  /** Milliseconds. */
  readonly took: number;
}

interface Searched {
  readonly worst: Worst;
  readonly lines: number;
  /** How often an expression gave up on a line. */
  readonly gaveUp: number;
}

/** What engines that try one way after the other hang on, and what they hang on it with. */
const FEARED: readonly (readonly [expression: string, pump: string])[] = [
  ["^(?:a+)+ from <HOST>$", "a"],
  ["^(?:a|a)* from <HOST>$", "a"],
  ["^(?:a|aa)+ from <HOST>$", "a"],
  ["^(?:.*a){10} from <HOST>$", "a"],
  ["^.*.*.*.* from <HOST> port$", "b "],
  ["\\s+ from <HOST>$", " "],
  ["\\s+x <HOST>$", " "],
  ["from .* x <HOST>$", "from "],
  ["(?:\\w+\\s?)+ from <HOST>$", "ab "],
  ["^(?:(?:[a-z])+.)+[A-Z](?:[a-z])+ from <HOST>$", "a"],
  ["^(?:\\S+|\\s+)*: <HOST>$", "a "],
  ["(?:x+x+)+y <HOST>", "x"],
  ["(?i)(?:k+)+ from <HOST>$", "k"],
  ["(?!.*z$)(?:a+)+ from <HOST>$", "a"],
  ["(?=.*z)(?:a+)+ from <HOST>$", "a"],
  ["^(\\w*)(\\w*)\\2 from <HOST>$", "a"],
  ["^(?:a{1,30}){1,30} from <HOST>$", "a"],
];
/** What such a line may end with: nothing that fits, everything that is asked for but not in order, what lets it match. */
const FEARED_ENDS = ["!", "! from from 192.0.2.7 z: y port x 192.0.2.7!", " from 192.0.2.7", "é from 192.0.2.7 port"];

export function benchWorst(care: Care = FULL): Promise<readonly Row[]> {
  const folder = mkdtempSync(join(tmpdir(), "fail2ban-ts-worst-"));
  return searchAll(care, folder).finally(() => rmSync(folder, { recursive: true, force: true }));
}

async function searchAll(care: Care, folder: string): Promise<readonly Row[]> {
  const rows: Row[] = [];
  for (const [whose, config] of [
    ["Debian's", oracleConfig],
    ["our", OURS],
  ] as const) {
    if (!existsSync(config)) continue;
    const filters = filtersOf(config, join(folder, whose));
    const searched = filters.map((filter) => searchFilter(filter, care));
    const [worst] = searched.map(({ worst }) => worst).toSorted((a, b) => b.took - a.took);
    if (worst === undefined) continue;
    const tried = searched.reduce((sum, { lines }) => sum + lines, 0);
    const gaveUp = searched.reduce((sum, { gaveUp }) => sum + gaveUp, 0);
    const original = whose === "our" ? null : await askOriginal(worst.text, worst.name, folder);
    rows.push({
      question: `the worst line of 64 KiB for ${whose} filters`,
      ours: { value: worst.took, unit: "ms" },
      original: original === null ? null : { value: original, unit: "ms" },
      note: `${filters.length} filters and modes, ${tried} lines, ${gaveUp === 0 ? "none" : gaveUp} given up on; ${worst.name}, ${slowest(worst)}; the line begins ${JSON.stringify(worst.text.slice(0, 40))}`,
    });
  }
  return [...rows, await feared(folder)];
}

/** All filters of a configuration, as jails of one made up. */
function filtersOf(
  config: string,
  place: string,
): readonly { readonly name: string; readonly settings: FilterSettings }[] {
  mkdirSync(place);
  cpSync(join(config, "filter.d"), join(place, "filter.d"), { recursive: true });
  const names = readdirSync(join(place, "filter.d")).filter((file) => /^(?!.*common\.conf$).*\.conf$/.test(file));
  const modes = names.flatMap((file) => {
    const name = file.slice(0, -".conf".length);
    const hasModes = /^mode\s*=/m.test(readFileSync(join(place, "filter.d", file), "utf8"));
    return hasModes ? [name, `${name}[mode=aggressive]`] : [name];
  });
  writeFileSync(join(place, "fail2ban.conf"), "[Definition]\nloglevel = INFO\n");
  const jails = modes.map(
    (filter, i) => `[jail${i}]\nenabled = true\nusedns = raw\nbackend = polling\nfilter = ${filter}\n`,
  );
  writeFileSync(join(place, "jail.conf"), jails.join(""));
  const { commands } = readConfiguration(disk, place, { version: "worst", allowNoLogs: true });
  const world = { zone: zoneNamed("UTC"), thisYear: new Date().getUTCFullYear(), encoding: "UTF-8" };
  const { jails: folded } = foldStream(
    commands.map(({ words }) => words),
    { general: startGeneral(), jails: new Map() },
    world,
  );
  return modes.flatMap((name, i) => {
    const settings = folded.get(`jail${i}`)?.filter;
    return settings === undefined ? [] : [{ name, settings }];
  });
}

function searchFilter({ name, settings }: { name: string; settings: FilterSettings }, care: Care): Searched {
  let gaveUp = 0;
  const read = readerOf(name, settings, () => (gaveUp += 1));
  let worst: Worst = { name, settings, text: "", took: 0 };
  let lines = 0;
  for (const text of hostileLines(name, care)) {
    lines += 1;
    let took = timed(() => read(text));
    for (let again = 0; again < 2 && took > worst.took; again += 1)
      took = Math.min(
        took,
        timed(() => read(text)),
      );
    if (took > worst.took) worst = { name, settings, text, took };
  }
  return { worst, lines, gaveUp };
}

function readerOf(name: string, settings: FilterSettings, gaveUp: () => void): (text: string) => void {
  const zone = zoneNamed("UTC");
  const dates = createDetector({
    datepattern: settings.datepattern,
    zone,
    timezone: null,
    thisYear: new Date().getUTCFullYear(),
  });
  if (!dates.ok) throw new Error(`${name}: ${dates.message}`);
  const context = { jail: name, checkTime: false, allRules: false, say: () => undefined, gaveUp };
  const reader = new FilterReader(context, settings, dates.detector, 600);
  return (text) => void reader.line(`${text}\n`, false, Date.now() / 1000, true);
}

/** Samples also get pieces of their own: those pass the searches for literals, and keep several ways open at once. */
function* hostileLines(name: string, { samples, places, pumps }: Care): Generator<string> {
  const some = PUMPS.slice(0, pumps);
  for (const pump of some) yield pump.repeat(LINE / pump.length);
  const texts = logsOf(name.replace(/\[.*/, "")).flatMap((path) => readFileSync(path, "utf8").split("\n"));
  const lines = texts.filter((text) => text !== "" && !text.startsWith("#"));
  for (let i = 0; i < Math.min(samples, lines.length); i += 1) {
    const sample = lines[Math.floor((i * lines.length) / samples)] ?? "";
    const gaps = [...sample.matchAll(/\b\w|$/g)].map(({ index }) => index);
    for (let place = 0; place < Math.min(places, gaps.length); place += 1) {
      const at = gaps[Math.floor(((place + 1) * gaps.length) / places) - 1] ?? sample.length;
      const own = [sample.slice(0, at), sample.slice(at), sample.slice(at, at + 12)].filter((piece) => piece !== "");
      for (const pump of [...some, ...own])
        yield (
          sample.slice(0, at) +
          pump.repeat(Math.max(1, Math.floor((LINE - sample.length) / pump.length))) +
          sample.slice(at)
        );
    }
  }
}

/** Processor milliseconds of this process. */
function timed(work: () => void): number {
  const before = process.cpuUsage();
  work();
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1000;
}

/** Which expression takes most of it, and how much. */
function slowest({ name, settings, text }: Worst): string {
  const took = new Map<string, number>();
  const watched = (what: string, pattern: Pattern): Pattern => ({
    ...pattern,
    groupAt: (group) => pattern.groupAt(group),
    isLast: (group) => pattern.isLast(group),
    exec: (line, ascii) => {
      let answer: ReturnType<Pattern["exec"]> = null;
      const ms = timed(() => (answer = pattern.exec(line, ascii)));
      took.set(what, (took.get(what) ?? 0) + ms);
      return answer;
    },
  });
  const read = readerOf(
    name,
    {
      ...settings,
      prefregex: settings.prefregex === null ? null : watched("prefregex", settings.prefregex),
      failregex: settings.failregex.map((pattern, i) => watched(`failregex ${i}`, pattern)),
      ignoreregex: settings.ignoreregex.map((pattern, i) => watched(`ignoreregex ${i}`, pattern)),
    },
    () => undefined,
  );
  // as often as lines are searched together
  for (let times = 0; times < settings.maxlines; times += 1) {
    took.clear();
    read(text);
  }
  const [first] = [...took].toSorted((a, b) => b[1] - a[1]);
  return first === undefined ? "no expression" : `of which ${first[0]} ${first[1].toFixed(1)} ms`;
}

/** @returns milliseconds of the whole process, at most the limit; null where the original is not there. */
async function askOriginal(text: string, filter: string, folder: string): Promise<number | null> {
  if (oracleLacks() !== null) return null;
  const path = join(folder, "line");
  writeFileSync(path, `${text}\n`);
  const words = [...oracleProgram("regex"), "-c", oracleConfig, "--no-check-all", "--print-no-missed", path, filter];
  return (await runProcess(words, { ...oracleEnvironment }, LIMIT)).seconds * 1000;
}

async function feared(folder: string): Promise<Row> {
  const took = FEARED.map(([expression, pump]) => {
    const compiled = compilePattern(expression, { usedns: "raw", multiline: false });
    if (!compiled.ok) throw new Error(`${expression}: ${compiled.message}`);
    const texts = FEARED_ENDS.map((end) => `${pump.repeat((LINE - end.length) / pump.length)}${end}`);
    const [worst = { text: "", ms: NaN }] = texts
      .map((text) => {
        const once = (): number => timed(() => void compiled.pattern.exec(`${text}\n`));
        return { text, ms: Math.min(...Array.from({ length: 7 }, once)) };
      })
      .toSorted((a, b) => b.ms - a.ms);
    return { expression, ...worst };
  });
  const [worst] = took.toSorted((a, b) => b.ms - a.ms);
  const original = await askOriginal(`${"a".repeat(LINE - 1)}!`, took[1]?.expression ?? "", folder);
  return {
    question: "the worst expression that a user may write, on a line of 64 KiB",
    ours: { value: worst?.ms ?? NaN, unit: "ms" },
    original: original === null ? null : { value: original, unit: "ms" },
    note: `${took.map(({ expression, ms }) => `\`${expression}\` ${ms.toFixed(1)} ms`).join("; ")}; the original: the second, stopped after ${LIMIT} s if it takes longer`,
  };
}

if (import.meta.main) {
  const { values } = parseArgs({ options: { quick: { type: "boolean" } } });
  printRows(await benchWorst(values.quick === true ? QUICK : FULL));
}
