/** The report: what each expression hit, which date formats were met, which lines were of which kind (config-cli.md §8.4). */
import type { Zone } from "../../base/index.ts";
import { textRepr, trimBlanksEnd } from "../../base/index.ts";
import type { Learned } from "../../core/date/index.ts";
import type { FilterSettings } from "../../core/filter/index.ts";
import type { Pattern } from "../../core/pattern/index.ts";
import { debuggexUrl } from "./debuggex.ts";
import type { LineList } from "./lines.ts";
import type { Listing, RegexOptions } from "./options.ts";
import type { Results, RuleHits } from "./results.ts";

export interface ReportWanted {
  readonly options: RegexOptions;
  readonly settings: FilterSettings;
  readonly results: Results;
  readonly dates: readonly Learned[];
  readonly seconds: number;
  readonly zone: Zone;
  readonly line: (text: string) => void;
}

export function printReport(wanted: ReportWanted): void {
  const { line, settings, results, options } = wanted;
  line("");
  line("Results");
  line("=======");
  printPrefix(wanted);
  printRules(wanted);
  printIgnores(wanted);
  printDates(wanted);
  const { missed, ignored, matched, tested } = results;
  line("");
  line(`Lines: ${tested} lines, ${ignored.count} ignored, ${matched.count} matched, ${missed.count} missed`);
  line(`[processed in ${wanted.seconds.toFixed(2)} sec]`);
  line("");
  if (options.matched) printLines(wanted, "matched", matched, "all", settings.failregex);
  printLines(wanted, "ignored", ignored, options.ignored, settings.ignoreregex);
  printLines(wanted, "missed", missed, options.missed, settings.failregex);
}

/** A box under a title; nothing where it would be empty. */
function box(wanted: ReportWanted, title: string, body: () => Iterable<string>): void {
  const { line } = wanted;
  let isOpen = false;
  for (const text of body()) {
    if (!isOpen) line(`|- ${title}`);
    isOpen = true;
    line(`|  ${text}`);
  }
  if (isOpen) line("`-");
}

function printPrefix({ line, settings, results, options }: ReportWanted): void {
  if (settings.prefregex === null) return;
  line("");
  line(`Prefregex: ${results.prefixHits} total`);
  line(`|  ${settings.prefregex.expanded}`);
  if (options.verbosity > 0) {
    for (const groups of results.prefixes) line(`|      ${groupsRepr(groups)}`);
    if (results.prefixHits > results.prefixes.length) line("|      ...");
  }
  line("`-");
}

function groupsRepr(groups: ReadonlyMap<string, string | null>): string {
  const pairs = [...groups].map(([name, value]) => `${textRepr(name)}: ${value === null ? "None" : textRepr(value)}`);
  return `{${pairs.join(", ")}}`;
}

function printRules(wanted: ReportWanted): void {
  const { line, settings, results } = wanted;
  line("");
  line(`Failregex: ${total(results.rules.map(({ hits }) => hits))} total`);
  box(wanted, " #) [# of hits] regular expression", function* () {
    for (const [index, pattern] of settings.failregex.entries()) {
      const hits = results.rules[index];
      if (hits === undefined || (hits.hits === 0 && wanted.options.verbosity === 0)) continue;
      yield numbered(index, hits.hits, pattern);
      yield* hitLines(wanted, hits);
    }
  });
}

function* hitLines({ results, zone }: ReportWanted, hits: RuleHits): Generator<string> {
  for (const [index, number] of hits.ids.entries()) {
    const multiple = hits.multiple.has(index) ? " (multiple regex matched)" : "";
    yield `    ${results.idOf(number) ?? "None"}  ${longTime(zone, hits.times[index] ?? 0)}${multiple}`;
  }
}

function printIgnores(wanted: ReportWanted): void {
  const { line, settings, results } = wanted;
  line("");
  line(`Ignoreregex: ${total(results.ignores)} total`);
  box(wanted, " #) [# of hits] regular expression", function* () {
    for (const [index, pattern] of settings.ignoreregex.entries()) {
      const hits = results.ignores[index] ?? 0;
      if (hits > 0 || wanted.options.verbosity > 0) yield numbered(index, hits, pattern);
    }
  });
}

function numbered(index: number, hits: number, pattern: Pattern): string {
  return `${String(index + 1).padStart(2)}) [${hits}] ${pattern.source}`;
}

function printDates(wanted: ReportWanted): void {
  const { line, dates, options } = wanted;
  line("");
  line("Date template hits:");
  box(wanted, "[# of hits] date format", function* () {
    for (const template of dates) {
      if (template.hits === 0 && options.verbosity === 0) continue;
      yield `[${template.hits}] ${template.name}`;
      if (!options.verboseDate) continue;
      const weight = `${template.weight.toFixed(3)} (${template.staticWeight.toFixed(3)})`;
      yield `    # weight: ${weight}, pattern: ${template.pattern ?? ""}`;
      yield `    # regex:   ${template.regex}`;
    }
  });
}

function printLines(
  wanted: ReportWanted,
  kind: "matched" | "ignored" | "missed",
  list: LineList,
  listing: Listing,
  patterns: readonly Pattern[],
): void {
  const { line, results, options, settings } = wanted;
  if (list.count === 0 || listing === "none") return;
  const title = `${kind[0]?.toUpperCase() ?? ""}${kind.slice(1)} line(s):`;
  if (list.count >= results.limit && listing !== "all") {
    return line(`${title} too many to print.  Use --print-all-${kind} to print all ${list.count} lines`);
  }
  box(wanted, title, function* () {
    for (const text of list.lines()) {
      if (!options.debuggex) yield trimBlanksEnd(text);
      else for (const pattern of patterns) yield withUrl(text, pattern, settings.maxlines > 1);
    }
  });
}

function withUrl(text: string, pattern: Pattern, multiline: boolean): string {
  return `${text} | ${pattern.source} |  ${debuggexUrl(pattern.expanded, text, multiline)}`;
}

function total(counts: readonly number[]): number {
  return counts.reduce((sum, count) => sum + count, 0);
}

const DAYS = ["Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"];
const MONTHS = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];

/** `Sun Nov 22 08:56:34 2026`, local time. */
function longTime(zone: Zone, at: number): string {
  const { year, month, day, hour, minute, second } = zone.toLocal(Math.floor(at));
  const weekday = new Date(Date.UTC(year, month - 1, day)).getUTCDay();
  const two = (n: number): string => String(n).padStart(2, "0");
  return `${DAYS[weekday] ?? ""} ${MONTHS[month - 1] ?? ""} ${two(day)} ${two(hour)}:${two(minute)}:${two(second)} ${year}`;
}
