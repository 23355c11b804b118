/**
 * What every source promises, as tests: run by each kind of source in its own test file.
 *
 * Real time, but no sleeping: every wait is for a condition, with a deadline.
 */
import assert from "node:assert/strict";
import { test } from "node:test";
import type { Said } from "../../base/index.ts";
import type { Bookmark } from "../../core/line/index.ts";
import type { Following } from "./request.ts";

/** One source with something that writes into it. */
export interface Bench {
  /** Appends lines that happen now. */
  write(...texts: string[]): void;
  /** Begins to read; what is delivered is collected. */
  follow(mark?: Bookmark | null): Collected;
  close(): void;
}

export interface Collected {
  readonly following: Following;
  /** The texts as written, whatever the source puts around them. */
  readonly texts: string[];
  /** For each text whether it came as live. */
  readonly live: boolean[];
  readonly said: Said[];
}

const DEADLINE = 10_000;

/** Resolves as soon as the condition holds; fails with its description after the deadline. */
export async function until(what: string, holds: () => boolean): Promise<void> {
  const end = performance.now() + DEADLINE;
  while (!holds()) {
    if (performance.now() > end) assert.fail(`waited in vain until ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}

const promises: Readonly<Record<string, (bench: Bench) => Promise<void>>> = {
  "gives each appended line once and in order": async (bench) => {
    const got = bench.follow();
    const wanted = Array.from({ length: 300 }, (_, i) => `line ${i}`);
    for (let i = 0; i < wanted.length; i += 10) {
      bench.write(...wanted.slice(i, i + 10));
      await until("some came", () => got.texts.length > i / 2);
    }
    await until("all came", () => got.texts.length >= wanted.length);
    assert.deepEqual(got.texts, wanted);
  },
  "gives what was there before, and then what comes as live": async (bench) => {
    bench.write("old 1", "old 2");
    const got = bench.follow();
    await until("the old came", () => got.texts.length === 2 && got.following.stats().live);
    bench.write("new");
    await until("the new came", () => got.texts.length === 3);
    assert.deepEqual(got.texts, ["old 1", "old 2", "new"]);
    assert.equal(got.live[2], true);
  },
  "goes on behind its bookmark": async (bench) => {
    bench.write("one", "two");
    const first = bench.follow();
    await until("both came", () => first.texts.length === 2);
    const mark = first.following.mark();
    first.following.stop();
    bench.write("three");
    const second = bench.follow(mark);
    await until("the third came", () => second.texts.length > 0);
    assert.deepEqual(second.texts, ["three"]);
  },
  "gives nothing after it was stopped": async (bench) => {
    const [stopped, other] = [bench.follow(), bench.follow()];
    bench.write("one");
    await until("one came", () => stopped.texts.length === 1 && other.texts.length === 1);
    stopped.following.stop();
    bench.write("two");
    await until("two came to the other", () => other.texts.length === 2);
    assert.deepEqual(stopped.texts, ["one"]);
  },
  "keeps for a paused jail what comes meanwhile": async (bench) => {
    const [paused, other] = [bench.follow(), bench.follow()];
    bench.write("one");
    await until("one came", () => paused.texts.length === 1 && other.texts.length === 1);
    paused.following.pause();
    bench.write("two", "three");
    await until("the other went on", () => other.texts.length === 3);
    assert.deepEqual(paused.texts, ["one"]);
    paused.following.resume();
    await until("the paused one caught up", () => paused.texts.length === 3);
    bench.write("four");
    await until("both have all", () => paused.texts.length === 4 && other.texts.length === 4);
    assert.deepEqual(paused.texts, ["one", "two", "three", "four"]);
    assert.deepEqual(other.texts, ["one", "two", "three", "four"]);
  },
  "tells what it has read": async (bench) => {
    const got = bench.follow();
    bench.write("one", "two");
    await until("both came", () => got.texts.length === 2);
    const stats = got.following.stats();
    assert.equal(stats.lines, 2);
    assert.ok(stats.bytes >= 6);
    assert.equal(stats.behindBytes, 0);
    assert.equal(stats.trouble, null);
    assert.notEqual(stats.lastLineAt, null);
  },
};

/** @param skip names of promises that this source cannot keep here → why; one text: why none can be tried */
export function sourceSuite(
  name: string,
  open: () => Bench,
  skip: Readonly<Record<string, string>> | string = {},
): void {
  for (const [what, body] of Object.entries(promises)) {
    const reason = typeof skip === "string" ? skip : skip[what];
    test(`${name} ${what}`, reason === undefined ? {} : { skip: reason }, async () => {
      const bench = open();
      try {
        await body(bench);
      } finally {
        bench.close();
      }
    });
  }
}
