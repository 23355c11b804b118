/** Lines that are passed over are those of which nothing would have been found; dates, counters and hits stay the same. */
import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { utc } from "../../base/zone.fake.ts";
import { createDetector, createTemplates, type Detector } from "../date/index.ts";
import { endOfLine, endOfText, lineOf } from "../line/index.ts";
import { compilePattern, type Pattern } from "../pattern/index.ts";
import { FilterReader } from "./reader.ts";
import type { FilterSettings } from "./settings.ts";
import { failureSieve } from "./sieve.ts";

const NOW = Date.UTC(2026, 10, 22, 12) / 1000;
const templates = createTemplates();

function pattern(source: string): Pattern {
  const compiled = compilePattern(source, { usedns: "no", multiline: false });
  assert.ok(compiled.ok, source);
  return compiled.pattern;
}

interface Filter {
  readonly prefregex?: string;
  readonly failregex: readonly string[];
  readonly ignoreregex?: readonly string[];
  readonly datepattern?: string;
}

function settingsOf({ prefregex, failregex, ignoreregex = [], datepattern }: Filter): FilterSettings {
  return {
    usedns: "no",
    maxlines: 1,
    prefregex: prefregex === undefined ? null : pattern(prefregex),
    failregex: failregex.map(pattern),
    ignoreregex: ignoreregex.map(pattern),
    datepattern: datepattern ?? null,
    logtimezone: null,
    logencoding: "utf-8",
    logformat: "plain",
    ignoreself: false,
    ignoreip: [],
    ignorecommand: null,
    ignorecache: null,
  };
}

const BRACKET = String.raw`^[^\[]*\[({DATE})`;

const FILTERS: readonly Filter[] = [
  {
    failregex: [
      "^ web1 sshd\\[\\d+\\]: Failed \\S+ for <F-USER>.*</F-USER> from <HOST>$",
      "^ web1 sshd\\[\\d+\\]: Bye from <HOST>$",
    ],
  },
  {
    prefregex: "^ web1 <F-MLFID>sshd\\[\\d+\\]</F-MLFID>: <F-CONTENT>.+</F-CONTENT>$",
    failregex: [
      "^Failed \\S+ for <F-USER>.*</F-USER> from <HOST>$",
      "^<F-NOFAIL>Hello</F-NOFAIL> from <HOST>$",
      "^<F-MLFFORGET>Bye</F-MLFFORGET> from <HOST>$",
    ],
  },
  {
    prefregex: "^ web1 (?:sshd|cron)\\[\\d+\\]: <F-CONTENT>(?:Failed|Bye) .+</F-CONTENT>$",
    failregex: ["^Failed \\S+ for .* from <HOST>$", "^Bye from <HOST>$"],
  },
  // Nothing stands in every line that this prefregex takes.
  {
    prefregex: "^ \\w+ <F-MLFID>s\\w+\\S+</F-MLFID> <F-CONTENT>.+</F-CONTENT>$",
    failregex: ["^Failed \\S+ for <F-USER>.*</F-USER> from <HOST>$", "^Bye from <HOST>$"],
  },
  // Literals that come about where the date was cut out, and others that do not.
  { failregex: ['^<HOST> - - \\[\\] "GET /admin[^"]*" 404'], datepattern: BRACKET },
  { failregex: ['^<HOST> - - \\[\\] "GET '], datepattern: BRACKET },
  {
    failregex: ["^<HOST> - - \\[\\]", "^ web1 sshd\\[1\\]: Failed (?:a|b)? for .* from <HOST>$"],
    datepattern: `${BRACKET}\n{DEFAULT}`,
  },
  {
    failregex: ["root", "eve", "adam", "bob"].map(
      (user) => `^ web1 sshd\\[\\d+\\]: Failed \\S+ for ${user} from <HOST>$`,
    ),
    ignoreregex: ["nothing|for eve"],
  },
];

const LINES: readonly ((clock: string) => string)[] = [
  (clock) => `Nov 22 ${clock} web1 sshd[1]: Failed password for root from 192.0.2.1`,
  (clock) => `Nov 22 ${clock} web1 sshd[2]: Failed password for eve from 2001:db8::1`,
  (clock) => `Nov 22 ${clock} web1 sshd[2]: Hello from 192.0.2.2`,
  (clock) => `Nov 22 ${clock} web1 sshd[1]: Bye from 192.0.2.1`,
  (clock) => `Nov 22 ${clock} web1 sshd[3]: Accepted publickey for adam from 192.0.2.3`,
  (clock) => `Nov 22 ${clock} web1 cron[4]: Failed job`,
  (clock) => `Nov 22 ${clock} web1 cron[5]: nothing`,
  (clock) => `Nov 22 ${clock} web1 sshd[5]: nothing\r`,
  (clock) => `2026-11-22T${clock}.123456+00:00 web1 sshd[6]: nothing`,
  (clock) => `192.0.2.7 - - [22/Nov/2026:${clock} +0000] "GET /index.html HTTP/1.1" 200`,
  (clock) => `2001:db8::7 - - [22/Nov/2026:${clock} +0000] "GET /admin.php HTTP/1.1" 404`,
  (clock) => `192.0.2.8 - - [22/Nov/2026:${clock}] "POST /index.html HTTP/1.1" 404`,
  () => " web1 sshd[1]: Failed password for root from 192.0.2.9",
  () => "no date in here",
  () => "",
  () => "Failed",
];

interface Heard {
  readonly found: string[];
  readonly said: string[];
  prefixes: number;
  passed: number;
}

function read(
  chunks: readonly string[],
  settings: FilterSettings,
  sieves: boolean,
  countsHits: boolean,
): readonly [Heard, Detector] {
  const created = createDetector({
    datepattern: settings.datepattern,
    zone: utc,
    timezone: null,
    thisYear: 2026,
    templates,
  });
  assert.ok(created.ok);
  const heard: Heard = { found: [], said: [], prefixes: 0, passed: 0 };
  const context = {
    jail: "x",
    checkTime: !countsHits,
    allRules: countsHits,
    countsHits,
    say: ({ text }: { text: string }) => void heard.said.push(text),
  };
  const reader = new FilterReader(context, settings, created.detector, 600);
  const look = (one: FilterReader, line: string, now: number, live: boolean): void => {
    const { outcome } = one;
    for (const { who, at, matches, rule } of one.line(line, true, now, live))
      heard.found.push(JSON.stringify([who?.key, at, matches, rule, outcome.ignores]));
    if (outcome.prefix !== null) heard.prefixes += 1;
    if (countsHits && outcome.ignores.length > 0) heard.found.push(`ignored ${line}`);
  };
  for (const [index, bytes] of chunks.entries()) {
    const now = NOW + index / 3;
    const begun = sieves && reader.begin(bytes);
    for (let at = 0; at < bytes.length; at = endOfLine(bytes, at)) {
      const passed = begun
        ? reader.pass(bytes, at, endOfText(bytes, at, endOfLine(bytes, at)), now, index % 2 === 1)
        : "no";
      if (passed === "no") look(reader, lineOf(bytes, at, endOfLine(bytes, at)), now, index % 2 === 1);
      else heard.passed += 1;
      if (passed === "hit") heard.prefixes += 1;
    }
  }
  return [heard, created.detector];
}

test("what is found, said and counted is the same as when every line is looked at", () => {
  let passed = 0;
  const chunk = fc.array(fc.tuple(fc.nat(LINES.length - 1), fc.nat(3)), { minLength: 1, maxLength: 12 });
  fc.assert(
    fc.property(
      fc.nat(FILTERS.length - 1),
      fc.array(chunk, { minLength: 1, maxLength: 6 }),
      fc.boolean(),
      (which, picked, countsHits) => {
        const filter = FILTERS[which];
        assert.ok(filter !== undefined);
        const settings = settingsOf(filter);
        const chunks = picked.map((lines) =>
          lines.map(([kind, second]) => `${LINES[kind]?.(`11:59:5${second}`) ?? ""}\n`).join(""),
        );
        const [plain, detector] = read(chunks, settings, false, countsHits);
        const [sieved, other] = read(chunks, settings, true, countsHits);
        assert.deepEqual(sieved.found, plain.found);
        assert.deepEqual(sieved.said, plain.said);
        if (countsHits) assert.equal(sieved.prefixes, plain.prefixes);
        assert.deepEqual(other.templates(), detector.templates());
        passed += sieved.passed;
      },
    ),
    { numRuns: 1500 },
  );
  assert.ok(passed > 1000, `${passed} lines were passed over: the run proves little`);
});

test("the literals are chosen that are rare in this log, and none that a cut date would bring about", () => {
  const settings = settingsOf({
    failregex: ['^<HOST> - - \\[\\] "GET /(?:admin|login)[^"]*" 404'],
    datepattern: BRACKET,
  });
  const line = '192.0.2.7 - - [22/Nov/2026:11:59:50 +0000] "GET /login HTTP/1.1" 200\n';
  const [heard] = read([line.repeat(20), line.repeat(20), line.repeat(20)], settings, true, false);
  assert.ok(heard.passed >= 30, `${heard.passed} of 60 lines were passed over`);
});

test("where most lines are candidates, or an expression has no literal, nothing is looked for", () => {
  const none = settingsOf({ failregex: ["^<HOST>$"] });
  assert.equal(failureSieve(none), null);
  const sieve = failureSieve(settingsOf({ failregex: ["Failed .* <HOST>$"] }));
  assert.equal(sieve?.open("Failed x\n".repeat(10)), false);
  const rare = failureSieve(settingsOf({ failregex: ["Failed .* <HOST>$"] }));
  assert.equal(rare?.open(`${"fine\n".repeat(10)}Failed x\n`), true);
  assert.deepEqual([rare?.mayHold(0, 5), rare?.mayHold(45, 50), rare?.mayHold(50, 59)], [false, false, true]);
});
