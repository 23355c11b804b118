/**
 * No stock filter can be made to count somebody else: hostile text in every free part of every kind of sample line
 * (hostile.ts) leaves the true address or none.
 */
import assert from "node:assert/strict";
import { test } from "node:test";
import { createDetector, type Detector } from "../../src/core/date/index.ts";
import { FilterReader } from "../../src/core/filter/index.ts";
import { type FilterOptions } from "./annotated.ts";
import { eachLine, logsOf, readLine, type Candidate, type Presented } from "./judge.ts";
import { EVIL, variantsOf } from "./hostile.ts";
import { SAMPLES_ZONE, stockFilters } from "./stock.ts";

/** Lines tried of each expression under the same options. */
const LINES = 2;

/** Filters whose expressions leave nothing free, or whose lines that name an address do. */
const NOTHING_FREE: readonly string[] = ["nagios", "openvpn", "slapd", "stunnel"];

for (const name of stockFilters()) {
  test(`${name} finds the true address or none in hostile lines`, { skip: logsOf(name).length === 0 }, () => {
    const tried = new Map<string, number>();
    const wrong: string[] = [];
    let variants = 0;
    eachLine(name, (line) => {
      if (!line.expected.match || line.text.length > 4096) return;
      const [found] = readLine(line);
      if (found === undefined || found.who === null) return;
      const kind = `${JSON.stringify(line.candidate.options)} ${found.rule}`;
      const times = tried.get(kind) ?? 0;
      if (times >= LINES) return;
      const truth = found.who.key;
      const fresh = freshly(line, detectorOf(line));
      let any = false;
      for (const { text, part } of variantsOf(fresh)) {
        any = true;
        variants += 1;
        const got = foundIn(fresh, text);
        if (got.every((key) => key === truth || !isEvil(key))) continue;
        wrong.push(`${part}\n    ${text}\n    finds ${got.join(", ")}, not ${truth}`);
      }
      if (any) tried.set(kind, times + 1);
    });
    assert.equal(variants === 0, NOTHING_FREE.includes(name), `${variants} hostile lines were tried`);
    assert.equal(wrong.slice(0, 5).join("\n"), "", `${wrong.length} of ${variants}`);
  });
}

/** Whether what was found can be the attacker's choice: all or part of an address that must never be found. */
function isEvil(key: string): boolean {
  return EVIL.some((evil) => evil.startsWith(key) || key.startsWith(evil) || evil.endsWith(key));
}

/** The same line before a reader that knows nothing of other lines: connections are held together across them. */
function freshly(line: Presented, detector: Detector): Presented {
  const { stock } = line.candidate;
  const context = { jail: "hostile", checkTime: false, allRules: false, say: () => {} };
  const reader = new FilterReader(context, stock.settings, detector, 600);
  const candidate: Candidate = { ...line.candidate, stock: { ...stock, reader } };
  return { ...line, candidate };
}

const detectors = new Map<string | null, Detector>();

function detectorOf({ candidate }: Presented): Detector {
  const { datepattern } = candidate.stock.settings;
  const known = detectors.get(datepattern);
  if (known !== undefined) return known;
  const created = createDetector({ datepattern, zone: SAMPLES_ZONE, timezone: null, thisYear: 2026 });
  assert.ok(created.ok);
  detectors.set(datepattern, created.detector);
  return created.detector;
}

function foundIn(line: Presented, text: string): readonly string[] {
  const { candidate } = freshly(line, detectorOf(line));
  const whole = { candidate: { ...candidate, options: without(candidate.options, "test.prefix-line") }, text };
  return readLine(whole).map(({ who, name }) => who?.key ?? name ?? "");
}

function without(options: FilterOptions, name: string): FilterOptions {
  return Object.fromEntries(Object.entries(options).filter(([one]) => one !== name));
}
