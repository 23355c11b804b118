/**
 * The worst that a line of 64 KiB can do: every stock filter, ours and Debian's, in its normal and its aggressive mode, on sample lines that
 * are blown up in the middle, and on lines of one thing repeated; and expressions of which engines are afraid, as a user might write them.
 *
 *     sh scripts/with-node.sh bench/worst.ts [--quick]
 *
 * Processor time of a whole line (date, prefix, all expressions), the least of three. The original gets the worst line as a whole process,
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

/** How thoroughly is searched: samples of a filter, places in each, and milliseconds after which a filter is left. */
interface Care {
  readonly samples: number;
  readonly places: number;
  readonly pumps: number;
  readonly budget: number;
}
export const FULL: Care = { samples: 3, places: 8, pumps: PUMPS.length, budget: 1000 };
export const QUICK: Care = { samples: 1, places: 3, pumps: 2, budget: 150 };

interface Worst {
  readonly name: string;
  readonly settings: FilterSettings;
  readonly text: string;
  /** Milliseconds. */
  readonly took: number;
}

/** What engines that try one way after the other hang on, and what they hang on it with. */
const FEARED: readonly (readonly [expression: string, pump: string])[] = [
  ["^(?:a+)+ from <HOST>$", "a"],
  ["^(?:a|a)* from <HOST>$", "a"],
  ["^(?:.*a){10} from <HOST>$", "a"],
  ["^.*.*.*.* from <HOST> port$", "b "],
  ["\\s+ from <HOST>$", " "],
  ["(?:\\w+\\s?)+ from <HOST>$", "ab "],
  ["(?=.*z)(?:a+)+ from <HOST>$", "a"],
  ["^(\\w*)(\\w*)\\2 from <HOST>$", "a"],
];

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
    const left = searched.filter(({ left }) => left).length;
    const original = whose === "our" ? null : await askOriginal(worst.text, worst.name, folder);
    rows.push({
      question: `the worst line of 64 KiB for ${whose} filters`,
      ours: { value: worst.took, unit: "ms" },
      original: original === null ? null : { value: original, unit: "ms" },
      note: `${filters.length} filters and modes, ${tried} lines${left === 0 ? "" : `, ${left} filters left before all were tried`}; ${worst.name}, ${slowest(worst)}; the line begins ${JSON.stringify(worst.text.slice(0, 40))}`,
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

function searchFilter({ name, settings }: { name: string; settings: FilterSettings }, care: Care) {
  const read = readerOf(name, settings);
  let worst: Worst = { name, settings, text: "", took: 0 };
  let lines = 0;
  const began = performance.now();
  for (const text of hostileLines(name, care)) {
    if (performance.now() - began > care.budget) return { worst, lines, left: true };
    lines += 1;
    let took = timed(() => read(text));
    for (let again = 0; again < 2 && took > worst.took; again += 1)
      took = Math.min(
        took,
        timed(() => read(text)),
      );
    if (took > worst.took) worst = { name, settings, text, took };
  }
  return { worst, lines, left: false };
}

function readerOf(name: string, settings: FilterSettings): (text: string) => void {
  const zone = zoneNamed("UTC");
  const dates = createDetector({
    datepattern: settings.datepattern,
    zone,
    timezone: null,
    thisYear: new Date().getUTCFullYear(),
  });
  if (!dates.ok) throw new Error(`${name}: ${dates.message}`);
  const context = { jail: name, checkTime: false, allRules: false, say: () => undefined };
  const reader = new FilterReader(context, settings, dates.detector, 600);
  return (text) => void reader.line(`${text}\n`, false, Date.now() / 1000, true);
}

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
      for (const pump of some)
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

/** Which expression takes most of it, asked by itself on the whole line. */
function slowest({ settings, text }: Worst): string {
  const all: (readonly [string, Pattern])[] = [
    ...(settings.prefregex === null ? [] : [["prefregex", settings.prefregex] as const]),
    ...settings.failregex.map((pattern, i) => [`failregex ${i}`, pattern] as const),
    ...settings.ignoreregex.map((pattern, i) => [`ignoreregex ${i}`, pattern] as const),
  ];
  const took = all.map(([name, pattern]) => ({ name, ms: timed(() => void pattern.exec(`${text}\n`)) }));
  const [first] = took.toSorted((a, b) => b.ms - a.ms);
  return first === undefined ? "no expression" : `of which ${first.name} ${first.ms.toFixed(1)} ms`;
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
    const text = `${pump.repeat(LINE / pump.length)}!`;
    const once = (): number => timed(() => void compiled.pattern.exec(`${text}\n`));
    return { expression, text, ms: Math.min(once(), once(), once()) };
  });
  const [worst] = took.toSorted((a, b) => b.ms - a.ms);
  const original = await askOriginal(took[1]?.text ?? "", took[1]?.expression ?? "", folder);
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
