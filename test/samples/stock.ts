/**
 * Our stock filters as the daemon would have them: config/filter.d read for a jail that is made up here, by the same
 * way as any jail. Nothing of the machine is looked at.
 */
import { readdirSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { setFlagsFromString } from "node:v8";
import { createDetector } from "../../src/core/date/index.ts";
import { FilterReader, type FilterSettings } from "../../src/core/filter/index.ts";
import { foldStream, startGeneral } from "../../src/core/jail/index.ts";
import { prepareEngine } from "../../src/core/pattern/index.ts";
import { zoneNamed } from "../../src/daemon/zone.ts";
import { disk, readConfiguration } from "../../src/io/config/index.ts";
import { type FilterOptions } from "./annotated.ts";

prepareEngine(setFlagsFromString);

const CONFIG = fileURLToPath(new URL("../../config", import.meta.url));

/** Where and when the sample logs are read: what their notes count on. */
export const SAMPLES_ZONE = zoneNamed("Europe/Zurich");
export const SAMPLES_NOW = 1_124_013_600;
const THIS_YEAR = 2026;

const JAIL = "sample";

/** The made-up jail has none, and needs none. */
const NO_ACTIONS = "No actions were defined";

export interface StockFilter {
  readonly reader: FilterReader;
  readonly settings: FilterSettings;
  /** What reading its configuration complained of, and errors while it was at work. */
  readonly complaints: readonly string[];
}

/** Names of all files in config/filter.d, without their ending; includes (`*-common`) have no expressions. */
export function stockFilters(): readonly string[] {
  return readdirSync(`${CONFIG}/filter.d`)
    .filter((file) => file.endsWith(".conf") && !/^(?:.*-)?common\.conf$/.test(file))
    .map((file) => file.slice(0, -".conf".length))
    .sort();
}

/** The text of a stock filter's file. */
export function stockText(name: string): string {
  return readFileSync(`${CONFIG}/filter.d/${name}.conf`, "utf8");
}

/** @param allRules ask every failregex though one has matched, to find two that match the same line */
export function openStock(name: string, options: FilterOptions, allRules: boolean): StockFilter {
  const { commands, issues } = readConfiguration(filesWith(jailFor(name, options)), CONFIG, {
    version: "sample",
    allowNoLogs: true,
  });
  const start = { general: startGeneral(), jails: new Map() };
  const world = { zone: SAMPLES_ZONE, thisYear: THIS_YEAR, encoding: "UTF-8" };
  const folded = foldStream(
    commands.map(({ words }) => words),
    start,
    world,
  );
  const complaints = [
    ...issues
      .filter(({ message }) => !message.startsWith(NO_ACTIONS))
      .map(({ level, message }) => `${level}: ${message}`),
    ...folded.refusals.map(({ refusal }) => `refused: ${refusal.message}`),
  ];
  const settings = folded.jails.get(JAIL)?.filter;
  if (settings === undefined) throw new Error(`${name}: ${complaints.join("; ")}`);
  const { datepattern } = settings;
  const dates = createDetector({ datepattern, zone: SAMPLES_ZONE, timezone: null, thisYear: THIS_YEAR });
  if (!dates.ok) throw new Error(`${name}: ${dates.message}`);
  const say = ({ level, text }: { level: string; text: string }): void => {
    // A date that is none is what some samples are about.
    if (level === "ERROR" && !text.startsWith("findFailure failed to parse timeText")) complaints.push(text);
  };
  const context = { jail: JAIL, checkTime: false, allRules, say };
  return { reader: new FilterReader(context, settings, dates.detector, 600), settings, complaints };
}

function jailFor(name: string, options: FilterOptions): string {
  const given = Object.entries(options).filter(([option]) => !option.startsWith("test."));
  const backend = options["logtype"] === "journal" ? "systemd" : "polling";
  const words = given.map(([option, value]) => `${option}="${value}"`).join(", ");
  const filter = given.length === 0 ? name : `${name}[${words}]`;
  return `[${JAIL}]\nenabled = true\nusedns = raw\nbackend = ${backend}\nfilter = ${filter}\n`;
}

/** A filter of the tests' own, for the log with which Debian's package tests what stands before a message. */
export const EXAMPLE = "zzz-generic-example";
const EXAMPLE_FILTER = `[INCLUDES]
before = common.conf
[DEFAULT]
_daemon = test-demo
[Definition]
failregex = ^%(__prefix_line)sF2B: (?:failure|error) from <HOST>$
ignoreregex = from 192\\.0\\.2\\.251$
              from 192\\.0\\.2\\.252$
`;

/** The project's folder of filters, with nothing else around it than that one jail. */
function filesWith(jail: string): typeof disk {
  const made = new Map([
    [`${CONFIG}/fail2ban.conf`, "[Definition]\nloglevel = INFO\n"],
    [`${CONFIG}/jail.conf`, jail],
    [`${CONFIG}/filter.d/${EXAMPLE}.conf`, EXAMPLE_FILTER],
  ]);
  const isFilter = (path: string): boolean => path === CONFIG || path.startsWith(`${CONFIG}/filter.d`);
  const list: typeof disk.list = (path) =>
    isFilter(path) && path !== CONFIG ? [...disk.list(path), `${EXAMPLE}.conf`] : [];
  return {
    absolute: disk.absolute,
    read: (path) => {
      const text = made.get(path);
      if (text !== undefined) return { ok: true, text };
      return isFilter(path) ? disk.read(path) : { ok: false, reason: "missing" };
    },
    list,
    names: list,
    kind: (path) => (made.has(path) ? "file" : isFilter(path) ? disk.kind(path) : "missing"),
  };
}
