/** One run: arguments → trial → lines → output or report (config-cli.md §8). */
import { Refusal, type Instant, type Said, type Zone } from "../../base/index.ts";
import { FilterReader } from "../../core/filter/index.ts";
import type { OptionWorld } from "../../core/jail/index.ts";
import { systemResolver, type Resolver } from "../../io/firewall/index.ts";
import { localeEncoding, machineZone } from "../../io/machine/index.ts";
import type { Io } from "../io.ts";
import { Examination } from "./examine.ts";
import { feed } from "./feed.ts";
import { isShown, logLine, weightOf, type LogForm } from "./log.ts";
import { dateLosses, lintTrial, lossesOf } from "./lint.ts";
import { momentOf } from "./moment.ts";
import type { RegexOptions } from "./options.ts";
import { outputOf } from "./output.ts";
import { harmless, type Print } from "./print.ts";
import { printReport } from "./report.ts";
import { Results } from "./results.ts";
import { logOf, type Log } from "./source.ts";
import { detectorOf, readTrial, Untriable, type Trial } from "./trial.ts";

/** As the log names the jail of those who have none. */
const JAIL = "~jailless~";
const OK = 0;
const FAILED = 255;
/** What the original ends with a traceback for. */
const UNCAUGHT = 1;

/** Where the run takes place. */
export interface Scene {
  readonly options: RegexOptions;
  readonly io: Io;
  readonly print: Print;
  readonly world: OptionWorld;
  /** Epoch seconds: the machine's clock, or always the moment that was asked for. */
  readonly now: () => Instant;
  readonly say: (said: Said) => void;
  /** Takes a line of the report; nothing where there is none. */
  readonly tell: (text: string) => void;
}

export async function tryOut(options: RegexOptions, io: Io, print: Print): Promise<number> {
  try {
    return await trySafely(options, io, print);
  } catch (cause) {
    if (!(cause instanceof Error)) throw cause;
    print.flush();
    if (cause instanceof Untriable) return refuse(cause.message, print);
    io.err(`${cause instanceof Refusal ? cause.kind : cause.name}: ${cause.message}\n`);
    return UNCAUGHT;
  }
}

function refuse(message: string, print: Print): number {
  print.line(`ERROR: ${message}`);
  print.flush();
  return FAILED;
}

async function trySafely(options: RegexOptions, io: Io, print: Print): Promise<number> {
  const now = momentOf(options.now);
  if (now === null) throw new Untriable(`Not a moment: '${options.now ?? ""}'`);
  const least = weightOf(options.logLevel);
  if (least === null) throw new Refusal("ValueError", `Invalid log level '${options.logLevel}'`);
  const zone = machineZone();
  const scene = sceneOf(options, io, print, zone, now, least);
  if (options.explain) return (await import("./explain.ts")).explain(scene);
  const { tell } = scene;
  tell("");
  tell("Running tests");
  tell("=============");
  tell("");
  const log = logOf(options.words[0] ?? "");
  const trial = readTrial({ options, world: scene.world, journal: log.is === "journal", head: tell });
  await tryLog(scene, trial, log);
  print.flush();
  if (options.lint || options.verbosity > 0) for (const text of lintTrial(trial)) io.err(`${harmless(text)}\n`);
  return OK;
}

function sceneOf(options: RegexOptions, io: Io, print: Print, zone: Zone, now: () => Instant, least: number): Scene {
  const silent = options.out !== null || options.json;
  const { verbosity } = options;
  const clock = (): { now: number; elapsed: number } => ({ now: Date.now(), elapsed: performance.now() });
  const form: LogForm = { least, verbosity, pid: io.pid, zone, clock };
  return {
    options,
    io,
    print,
    now,
    world: { zone, thisYear: zone.toLocal(now()).year, encoding: localeEncoding(io.env) },
    say: (said) => {
      if (isShown(said.level, form)) print.line(logLine(said, form));
    },
    tell: silent ? () => {} : print.line,
  };
}

async function tryLog(scene: Scene, trial: Trial, log: Log): Promise<void> {
  const { options, print, now, world, say } = scene;
  const { filter } = trial.jail;
  const detector = detectorOf(trial, world);
  const silent = options.out !== null || options.json;
  const allRules = options.checkAll && !silent;
  const lost = new Map<string, number>();
  const gaveUp = (kind: string, index: number): void => {
    const name = `${kind} ${index}`;
    lost.set(name, (lost.get(name) ?? 0) + 1);
  };
  const resolver = systemResolver({ clock: { now, at: () => () => {} } });
  const emit = outputOf(options, print, (ip) => resolver.host(ip));
  const reader = new FilterReader(
    { jail: JAIL, checkTime: false, allRules, countsHits: true, keepsLines: emit !== null, say, gaveUp },
    filter,
    detector,
    0,
  );
  const counts = { failregexes: filter.failregex.length, ignoreregexes: filter.ignoreregex.length };
  const results = new Results({ options, ...counts });
  const addresses = (name: string): Promise<readonly string[]> => addressesOf(resolver, name, scene);
  const examination = new Examination({ reader, settings: filter, results, addresses, emit });
  const begin = performance.now();
  await feed(scene, trial, log, examination);
  const seconds = (performance.now() - begin) / 1000;
  if (options.json) print.line(summary(results, seconds));
  else if (!silent)
    printReport({
      options,
      settings: filter,
      results,
      dates: detector.templates(),
      seconds,
      zone: world.zone,
      line: print.line,
    });
  for (const text of [...lossesOf(trial, lost), ...dateLosses(detector.templates())])
    scene.io.err(`${harmless(text)}\n`);
}

async function addressesOf(resolver: Resolver, name: string, { say }: Scene): Promise<readonly string[]> {
  const { addresses, failed } = await resolver.addresses(name, true);
  say(
    failed === null
      ? {
          level: "WARNING",
          logger: "filter",
          text: `Determined IP using DNS Lookup: ${name} = ${addresses.join(", ")}`,
        }
      : { level: "WARNING", logger: "ipdns", text: `Unable to find a corresponding IP address for ${name}: ${failed}` },
  );
  return addresses;
}

function summary(results: Results, seconds: number): string {
  const { tested, ignored, matched, missed } = results;
  return JSON.stringify({
    summary: { lines: tested, ignored: ignored.count, matched: matched.count, missed: missed.count, seconds },
  });
}
