/** Builders for the tests of this room: a follower that polls quickly, a jail that collects what it is given, a log to be rotated. */
import { createHash } from "node:crypto";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import type { Chunk, Said } from "../../base/index.ts";
import { encodingOf, splitChunk } from "../../core/line/index.ts";
import { Follower } from "./follower.ts";
import type { FollowRequest, Mode } from "./request.ts";
import { until, type Collected } from "./suite.ts";

const now = (): number => Date.now() / 1000;

/** Polls every 20 ms, so that a test of the poll need not wait long; `never`: only what the kernel reports is noticed. */
export function openFollower(
  polls: "quickly" | "never" = "quickly",
  clock: () => number = now,
  said: Said[] = [],
): Follower {
  return new Follower({
    now: clock,
    say: (words) => said.push(words),
    pollEvery: polls === "never" ? 3600 : 0.02,
    refereeEvery: 4,
  });
}

export interface CollectedFile extends Collected {
  readonly chunks: Chunk[];
}

/** Follows the file and collects its lines' texts. */
export function followFile(
  follower: Follower,
  path: string,
  asked: Partial<FollowRequest> & { encoding?: string } = {},
): CollectedFile {
  const encoding = encodingOf(asked.encoding ?? "auto", "utf-8");
  if (encoding === null) throw new Error("no such encoding");
  const [texts, live, said, chunks]: [string[], boolean[], Said[], Chunk[]] = [[], [], [], []];
  const following = follower.follow({
    path,
    tail: false,
    mark: null,
    since: null,
    mode: "auto",
    lineEnd: encoding.lineEnd,
    dateOf: () => null,
    deliver: (chunk) => {
      chunks.push(chunk);
      for (const text of splitChunk(chunk.bytes, encoding).texts) {
        texts.push(text.slice(0, -1));
        live.push(chunk.live);
      }
    },
    say: (words) => said.push(words),
    ...asked,
  });
  return { following, texts, live, said, chunks };
}

export interface Place {
  readonly path: string;
  readonly at: (name: string) => string;
  readonly follower: Follower;
  readonly follow: (asked?: Partial<FollowRequest>, path?: string) => CollectedFile;
}

/** One test for each way of noticing changes: in a folder of its own, with an empty `auth.log`. */
export function rotates(what: string, body: (place: Place, mode: Mode) => Promise<void>): void {
  for (const mode of ["pyinotify", "polling"] as const) {
    test(`${mode}: ${what}`, async () => {
      const folder = mkdtempSync(join(tmpdir(), "rotation-"));
      const follower = openFollower(mode === "polling" ? "quickly" : "never");
      const path = join(folder, "auth.log");
      writeFileSync(path, "");
      try {
        await body(
          {
            path,
            follower,
            at: (name) => join(folder, name),
            follow: (asked, other = path) => followFile(follower, other, { mode, ...asked }),
          },
          mode,
        );
      } finally {
        follower.close();
        rmSync(folder, { recursive: true, force: true });
      }
    });
  }
}

export interface FilePlace {
  readonly path: string;
  readonly folder: string;
  readonly follower: Follower;
}

/** One test in a folder of its own, with an empty `a.log`; by events alone, or with the poll besides. */
export function onFiles(
  what: string,
  body: (place: FilePlace) => Promise<void>,
  polls: "quickly" | "never" = "never",
): void {
  test(what, async () => {
    const folder = mkdtempSync(join(tmpdir(), "files-"));
    const follower = openFollower(polls);
    const path = join(folder, "a.log");
    writeFileSync(path, "");
    try {
      await body({ path, folder, follower });
    } finally {
      follower.close();
      rmSync(folder, { recursive: true, force: true });
    }
  });
}

export const lines = (...texts: string[]): string => texts.map((text) => `${text}\n`).join("");
export const sha1 = (text: string): string => createHash("sha1").update(text).digest("hex");
export const count = (got: CollectedFile, wanted: number): Promise<void> =>
  until(`${wanted} lines came`, () => got.texts.length >= wanted);
