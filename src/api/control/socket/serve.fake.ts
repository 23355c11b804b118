/** Servers and clients of the control socket for tests, all ended after each test. */
import { mkdtempSync, rmSync } from "node:fs";
import { connect, type Socket } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach } from "node:test";
import type { Plain, Said } from "../../../base/index.ts";
import { readReply, Row, writePickle, type Answer } from "../pickle/index.ts";
import { END, FrameCutter } from "./frames.ts";
import type { SocketLimits } from "./limits.ts";
import { serveControl, type ControlOptions } from "./serve.ts";

export const folder = mkdtempSync(join(tmpdir(), "f2b-socket-"));
process.on("exit", () => rmSync(folder, { recursive: true, force: true }));

export const open: (() => Promise<void> | void)[] = [];
afterEach(async () => {
  for (const close of open.splice(0)) await close();
});

let count = 0;

export interface Stand {
  readonly path: string;
  readonly said: Said[];
  readonly refuse: () => void;
  readonly close: (grace?: number) => Promise<void>;
}

/** A server at a new path, which is closed after the test. */
export async function serve(
  answer: ControlOptions["answer"],
  options: Partial<ControlOptions> & { limits?: SocketLimits } = {},
): Promise<Stand> {
  const path = join(folder, `${(count += 1)}.sock`);
  const said: Said[] = [];
  const server = await serveControl({ at: { path }, answer, say: (line) => said.push(line), ...options });
  open.push(() => server.close(50));
  return { path, said, refuse: () => server.refuse(), close: (grace) => server.close(grace) };
}

export const echo = (request: Plain): Answer => new Row(0, request);
export const frame = (...words: readonly Plain[]): Buffer => Buffer.concat([writePickle(words), END]);

/** A client that writes bytes as they are given and collects whole replies. */
export function raw(path: string): {
  readonly socket: Socket;
  readonly replies: Plain[];
  reply: (number: number) => Promise<Plain>;
  readonly ended: Promise<void>;
} {
  const socket = connect(path);
  const cutter = new FrameCutter(1 << 28);
  const replies: Plain[] = [];
  let wake = (): void => {};
  socket.on("data", (chunk: Buffer) => {
    cutter.push(chunk);
    for (let next = cutter.next(); next !== null; next = cutter.next()) {
      const reply = readReply(next);
      replies.push(reply.is === "error" ? reply.error.name : reply.value);
    }
    wake();
  });
  socket.on("error", () => {});
  const ended = new Promise<void>((resolve) => socket.on("close", () => resolve()));
  open.push(() => void socket.destroy());
  const reply = async (number: number): Promise<Plain> => {
    while (replies.length < number) await new Promise<void>((resolve) => (wake = resolve));
    return replies[number - 1] ?? null;
  };
  return { socket, replies, reply, ended };
}

/** Something one waits for, given by hand. */
export function signal(): { readonly give: () => void; readonly given: Promise<void> } {
  let give = (): void => {};
  const given = new Promise<void>((resolve) => (give = resolve));
  return { give: () => give(), given };
}
