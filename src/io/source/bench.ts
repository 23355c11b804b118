/** Builders for the tests of this room: a follower that polls quickly, and a jail that collects what it is given. */
import type { Chunk, Said } from "../../base/index.ts";
import { encodingOf, splitChunk } from "../../core/line/index.ts";
import { Follower } from "./follower.ts";
import type { FollowRequest } from "./request.ts";
import type { Collected } from "./suite.ts";

const now = (): number => Date.now() / 1000;

/** Polls every 20 ms, so that a test of the poll need not wait long; `never`: only what the kernel reports is noticed. */
export function openFollower(polls: "quickly" | "never" = "quickly", clock: () => number = now, said: Said[] = []): Follower {
  return new Follower({ now: clock, say: (words) => said.push(words), pollEvery: polls === "never" ? 3600 : 0.02, refereeEvery: 4 });
}

export interface CollectedFile extends Collected {
  readonly chunks: Chunk[];
}

/** Follows the file and collects its lines' texts. */
export function followFile(follower: Follower, path: string, asked: Partial<FollowRequest> & { encoding?: string } = {}): CollectedFile {
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
        texts.push(text);
        live.push(chunk.live);
      }
    },
    say: (words) => said.push(words),
    ...asked,
  });
  return { following, texts, live, said, chunks };
}
