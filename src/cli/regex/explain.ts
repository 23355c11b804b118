/**
 * `--explain LINE FILTER`: what became of one line — the date that was found and cut out, what the prefregex left, and for each
 * expression how far it matched and what it wanted there. For people in 80 columns, or as one JSON object.
 */
import { printLocal, type Place, type Zone } from "../../base/index.ts";
import { FilterReader } from "../../core/filter/index.ts";
import { explainPattern, type Pattern } from "../../core/pattern/index.ts";
import { systemResolver } from "../../io/firewall/index.ts";
import { Examination, type Examined } from "./examine.ts";
import { jsonOf } from "./failure.ts";
import { failuresOf } from "./output.ts";
import { Results } from "./results.ts";
import type { Scene } from "./run.ts";
import { showExplained } from "./show.ts";
import { detectorOf, readTrial, type Trial } from "./trial.ts";

/** How far one expression came in the text that it was asked for. */
export interface Tried {
  readonly source: string;
  readonly at: Place | null;
  readonly matched: boolean;
  /** Offsets into the text of the longest part that matched. */
  readonly from: number;
  readonly to: number;
  /** What was wanted behind that part; empty for a match. */
  readonly expected: string;
}

export interface Explained {
  readonly line: string;
  /** Null: no template found one. */
  readonly date: { readonly template: string; readonly text: string; readonly time: number | null } | null;
  /** The line without its date. */
  readonly message: string;
  readonly prefregex: Tried | null;
  /** What the failregexes were asked for; null where the prefregex did not match. */
  readonly text: string | null;
  readonly failregex: readonly Tried[];
  readonly ignoreregex: readonly Tried[];
  readonly verdict: "failure" | "ignored" | "no failure" | "nobody known yet" | "missed";
  /** As `--json` prints them. */
  readonly failures: readonly unknown[];
}

export async function explain(scene: Scene): Promise<number> {
  const trial = readTrial({ options: scene.options, world: scene.world, journal: false, head: () => {} });
  const explained = await explainLine(scene, trial);
  if (scene.options.json) scene.print.line(JSON.stringify(explained));
  else for (const line of showExplained(explained, (at) => printed(scene.world.zone, at))) scene.print.line(line);
  scene.print.flush();
  return 0;
}

function printed(zone: Zone, at: number | null): string {
  return at === null ? "no such moment" : printLocal(zone, at);
}

async function explainLine(scene: Scene, trial: Trial): Promise<Explained> {
  const { options, say, now } = scene;
  const { filter } = trial.jail;
  const [line = ""] = (options.words[0] ?? "").split("\n");
  const detector = detectorOf(trial, scene.world);
  const reader = new FilterReader({ jail: "", checkTime: false, allRules: true, say }, filter, detector, 0);
  const results = new Results({
    options,
    failregexes: filter.failregex.length,
    ignoreregexes: filter.ignoreregex.length,
  });
  const resolver = systemResolver({ clock: { now, at: () => () => {} } });
  const examined: Examined[] = [];
  const examination = new Examination({
    reader,
    settings: filter,
    results,
    addresses: async (name) => (await resolver.addresses(name, true)).addresses,
    emit: (one) => void examined.push(one),
  });
  await examination.line(`${line}\n`, false, 1, now());
  const { before, date, after } = reader.dating.cut();
  const template = detector.templates().find(({ hits }) => hits > 0);
  const message = before + after;
  const prefregex = filter.prefregex === null ? null : tried(filter.prefregex, message, trial.places.prefregex[0]);
  const text = filter.prefregex === null ? message : contentOf(filter.prefregex, message);
  const all = (patterns: readonly Pattern[], places: readonly (Place | null)[]): readonly Tried[] =>
    text === null ? [] : patterns.map((pattern, index) => tried(pattern, text, places[index]));
  return {
    line,
    date: template === undefined ? null : { template: template.name, text: date, time: reader.dating.dated.at },
    message,
    prefregex,
    text,
    failregex: all(filter.failregex, trial.places.failregex),
    ignoreregex: all(filter.ignoreregex, trial.places.ignoreregex),
    ...verdictOf(examined[0]),
  };
}

/** The message as the prefregex leaves it; null where it does not match. */
function contentOf(prefregex: Pattern, message: string): string | null {
  const found = prefregex.exec(`${message}\n`);
  if (found === null || typeof found === "string") return null;
  return found.get("content") || message;
}

/** Every text that is searched ends in a line feed. */
function tried(pattern: Pattern, text: string, at: Place | null = null): Tried {
  const { matched, at: from, longest, expected } = explainPattern(pattern, `${text}\n`);
  const { length } = text;
  return { source: pattern.source, at, matched, from: Math.min(from, length), to: Math.min(longest, length), expected };
}

function verdictOf(examined: Examined | undefined): Pick<Explained, "verdict" | "failures"> {
  if (examined === undefined) return { verdict: "missed", failures: [] };
  const found = failuresOf(examined);
  const failures = found.map(({ failure, rule }): unknown => JSON.parse(jsonOf(failure, 1, rule)));
  if (failures.length > 0) return { verdict: "failure", failures };
  if (examined.isIgnored) return { verdict: examined.hits.length > 0 ? "no failure" : "ignored", failures };
  return { verdict: examined.hits.length > 0 ? "nobody known yet" : "missed", failures };
}
