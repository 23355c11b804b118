/** Many connections that ask a server at the same time, for tests and benches. */
import { setTimeout as pause } from "node:timers/promises";
import { LinkError, openLink, plainText, type Link } from "../../src/api/control/index.ts";
import type { Plain } from "../../src/base/index.ts";

export interface Asked {
  /** Milliseconds from each request to its answer. */
  readonly took: readonly number[];
  /** Requests that came to something else than an answer, and to what. */
  readonly unanswered: readonly string[];
}

/**
 * Every connection puts `each` requests, one after the other, going round `questions`.
 * @param path of the control socket
 * @param patient whether a connection that is turned away at the door (the original's queue is short) tries again; that counts as waiting
 */
export async function askMany(
  path: string,
  connections: number,
  each: number,
  questions: readonly (readonly Plain[])[],
  patient = false,
): Promise<Asked> {
  const took: number[] = [];
  const unanswered: string[] = [];
  const converse = async (number: number): Promise<void> => {
    let begin = performance.now();
    const link = await (patient ? openInTime(path) : openLink(path, 60));
    try {
      for (let at = 0; at < each; at += 1, begin = performance.now()) {
        const question = questions[(number + at) % questions.length] ?? [];
        const reply = await link.ask(question, 60);
        took.push(performance.now() - begin);
        if (reply.is !== "value") unanswered.push(`${question.map(plainText).join(" ")}: ${JSON.stringify(reply)}`);
      }
    } finally {
      await link.close();
    }
  };
  const ended = await Promise.allSettled(Array.from({ length: connections }, (_, number) => converse(number)));
  for (const one of ended) if (one.status === "rejected") unanswered.push(String(one.reason));
  return { took, unanswered };
}

async function openInTime(path: string): Promise<Link> {
  for (const end = performance.now() + 60_000; ; await pause(5)) {
    try {
      return await openLink(path, 60);
    } catch (cause) {
      if (!(cause instanceof LinkError && cause.code === "EAGAIN") || performance.now() > end) throw cause;
    }
  }
}
