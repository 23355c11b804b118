/**
 * Every stock filter against sample logs: those of Debian's fail2ban (read from its package, never copied) and ours
 * beside this file, which have what those lack.
 *
 * Judged as their notes count on it: Europe/Zurich, 14 August 2005, names as they stand, dates not held against the
 * clock, all expressions asked, so that two that match the same line are found.
 */
import assert from "node:assert/strict";
import { readdirSync } from "node:fs";
import { test } from "node:test";
import { note } from "../ledger.ts";
import { without } from "../skips.ts";
import { DEBIAN_LOGS, judge, logsOf, type Candidate, type Verdict } from "./judge.ts";
import { EXAMPLE, stockFilters, stockText } from "./stock.ts";

/**
 * Notes of Debian's logs that we do not follow, with the reason. At most ten, and each must still be met: a note that we
 * follow after all has to leave this table.
 */
const EXCEPTIONS: readonly { readonly at: RegExp; readonly reason: string }[] = [
  {
    at: /^sshd:144 |^sshd-journal:145 /,
    reason:
      "a password message has no text behind ssh2: what looks like a tail is part of the user name, and the address is the last one",
  },
  {
    at: /^nginx-http-auth:14 /,
    reason:
      "a name with quotes in it can hold the rest of a line: whose address it is cannot be told, nobody is counted",
  },
  {
    at: /^pam-generic:23 /,
    reason:
      "ruser and user are both the client's words: with blanks in them, which rhost= is the true one cannot be told, nobody is counted",
  },
];

/** Expressions that no sample hits, by filter and text within them, with the reason. */
const WITHOUT_SAMPLE: readonly { readonly filter: string; readonly text: string; readonly reason: string }[] = [];

const verdicts = new Map<string, Verdict>();
function verdictOf(name: string): Verdict {
  const verdict = verdicts.get(name) ?? judge(name);
  verdicts.set(name, verdict);
  return verdict;
}

const hasDebian = !without("oracle");

for (const name of stockFilters()) {
  const skip = logsOf(name).length === 0 && !hasDebian ? "its samples are Debian's only" : false;

  test(`${name} finds what its samples say`, { skip }, () => {
    const { wrong, judged } = verdictOf(name);
    const real = wrong.filter(({ at }) => !EXCEPTIONS.some((exception) => exception.at.test(at)));
    note("difference", "notes of Debian's sample logs not followed", wrong.length - real.length);
    assert.equal(real.map(({ at, message, text }) => `${at} ${message}\n    ${text}`).join("\n"), "");
    assert.ok(judged > 0, "no sample line at all: write test/samples/" + name + ".log");
  });

  test(`${name} has a sample for each expression`, { skip: skip || without("oracle") }, () => {
    const missed = unhit(verdictOf(name).candidates);
    const excused = (text: string): boolean =>
      WITHOUT_SAMPLE.some((one) => one.filter === name && text.includes(one.text));
    assert.deepEqual(
      missed.filter((text) => !excused(text)),
      [],
    );
  });

  test(`${name} is safe against hostile lines or says why not`, () => {
    const settings = verdictOf(name).candidates.map(({ stock }) => stock.settings);
    const patterns = settings.flatMap(({ failregex, prefregex }) => [...failregex, ...(prefregex ? [prefregex] : [])]);
    const slow = [...new Set(patterns.filter(({ linear }) => !linear).map(({ source }) => source))];
    if (/^#.*\blinear engine\b/m.test(stockText(name))) return;
    assert.deepEqual(slow, [], "the linear engine does not take these; a comment in the filter must say why");
  });
}

test("no expression is cut short by a comment", () => {
  for (const name of stockFilters()) {
    const cut = stockText(name)
      .split("\n")
      .filter((line) => !line.startsWith("#") && /\s;/.test(line));
    assert.deepEqual(cut, [], `${name}: a blank and ; begin a comment; write \\s;`);
  }
});

test("exceptions are few and still met", { skip: without("oracle") }, () => {
  assert.ok(EXCEPTIONS.length <= 10);
  const all = [...verdicts.values()].flatMap(({ wrong }) => wrong);
  for (const { at } of EXCEPTIONS) {
    assert.ok(
      all.some((wrong) => at.test(wrong.at)),
      `${at} is followed now: remove it`,
    );
  }
});

/** Lines of that log with a date that is none (the year 0000), which stays before the host: no service writes that. */
const DATELESS = /^zzz-generic-example:(?:35|47) /;

test("what stands before a message is known in all its forms", { skip: without("oracle") }, () => {
  const { wrong, judged } = judge(EXAMPLE);
  const real = wrong.filter(({ at }) => !DATELESS.test(at));
  assert.equal(real.map(({ at, message, text }) => `${at} ${message}\n    ${text}`).join("\n"), "");
  assert.ok(judged > 0);
});

/** Logs of Debian's that belong to no filter of a user's: its own tests of the engine. */
const ENGINE_LOGS = new Set(["bsd", "sshd-journal", EXAMPLE, "zzz-sshd-obsolete-multiline"]);

test("there is a filter for each log of Debian's", { skip: without("oracle") }, (context) => {
  const ours = new Set(stockFilters());
  const pending = readdirSync(DEBIAN_LOGS).filter((name) => !ours.has(name) && !ENGINE_LOGS.has(name));
  if (pending.length > 0) context.diagnostic(`without a filter of ours: ${pending.sort().join(" ")}`);
  assert.deepEqual(pending, []);
});

/**
 * Expressions that were hit under no options. The same expression reads differently for files and for the journal: it
 * counts as one.
 */
function unhit(candidates: readonly Candidate[]): readonly string[] {
  const hit = new Set<string>();
  for (const { stock, hits } of candidates) {
    for (const rule of hits) hit.add(stock.settings.failregex[rule]?.source ?? "");
  }
  const groups = new Map<string, string[]>();
  for (const { options, stock } of candidates) {
    const rest = Object.entries(options).filter(([option]) => option !== "logtype");
    for (const [rule, { source }] of stock.settings.failregex.entries()) {
      const key = JSON.stringify([rest, rule]);
      groups.set(key, [...(groups.get(key) ?? []), source]);
    }
  }
  const missed = [...groups.values()].filter((sources) => !sources.some((source) => hit.has(source)));
  return [...new Set(missed.map(([first = ""]) => first))];
}
