/** The client's end of the control socket: one connection, requests one after the other (config-cli.md §5.2, §6.1). */
import type { Socket } from "node:net";
import type { Plain } from "../../../base/index.ts";
import { readReply, writePickle, type Reply } from "../pickle/index.ts";
import { CLOSE, END, FrameCutter } from "./frames.ts";

/** Bytes of one answer: far more than the longest list of bans. A server that sends more is not listened to any longer. */
const REPLY = 256 * 1024 * 1024;

/** There is no talking to the server: `code` is the system's word (`ECONNREFUSED`, `EACCES`), or one of ours (`TIMEOUT`, `CLOSED`). */
export class LinkError extends Error {
  readonly code: string;
  constructor(code: string, message: string) {
    super(message);
    this.name = "LinkError";
    this.code = code;
  }
}

export interface Link {
  /** @param timeout seconds without a byte after which it is given up; absent: it waits for ever. */
  ask(request: readonly Plain[], timeout?: number): Promise<Reply>;
  /** Says good-bye; the promise settles when the connection is gone. */
  close(): Promise<void>;
}

/** @throws LinkError when nobody answers there. */
export async function openLink(path: string, timeout?: number): Promise<Link> {
  // Loaded here: Node takes two milliseconds for it, which a client that only reads files need not pay.
  const socket = process.getBuiltinModule("node:net").connect(path);
  const cutter = new FrameCutter(REPLY);
  await event(socket, "connect", timeout);
  return {
    async ask(request, timeout) {
      const reply = nextFrame(socket, cutter, timeout);
      socket.write(Buffer.concat([writePickle(request), END]));
      return readReply(await reply);
    },
    close: () =>
      new Promise((resolve) => {
        if (socket.closed) return resolve();
        socket.removeAllListeners();
        socket.on("error", () => socket.destroy());
        socket.once("close", () => resolve());
        socket.setTimeout(GOODBYE, () => socket.destroy());
        socket.end(Buffer.concat([CLOSE, END]));
        socket.resume();
      }),
  };
}

/** Milliseconds that a server has to end the connection from its side. */
const GOODBYE = 250;

function event(socket: Socket, name: "connect", timeout: number | undefined): Promise<void> {
  return until(socket, timeout, (resolve) => socket.once(name, () => resolve()));
}

function nextFrame(socket: Socket, cutter: FrameCutter, timeout: number | undefined): Promise<Buffer> {
  return until(socket, timeout, (resolve, reject) => {
    socket.on("data", (chunk: Buffer) => {
      try {
        cutter.push(chunk);
        const frame = cutter.next();
        if (frame !== null) resolve(frame);
      } catch (error) {
        reject(error instanceof Error ? error : new Error(String(error)));
      }
    });
  });
}

/** Settles as `begin` says, or with the connection's trouble; leaves no listeners behind. */
function until<T>(
  socket: Socket,
  timeout: number | undefined,
  begin: (resolve: (value: T) => void, reject: (error: Error) => void) => void,
): Promise<T> {
  return new Promise<T>((resolve, reject) => {
    const leave = (): void => {
      socket.setTimeout(0);
      for (const name of ["connect", "data", "error", "close", "timeout"]) socket.removeAllListeners(name);
      socket.on("error", () => socket.destroy());
    };
    const fail = (error: Error): void => {
      leave();
      socket.destroy();
      reject(error);
    };
    // It may have ended since the last answer, and says so only once.
    if (socket.closed) return fail(new LinkError("CLOSED", "The server closed the connection"));
    socket.on("error", (error: NodeJS.ErrnoException) => fail(new LinkError(error.code ?? "ERROR", error.message)));
    socket.on("close", () => fail(new LinkError("CLOSED", "The server closed the connection")));
    if (timeout !== undefined)
      socket.setTimeout(Math.max(1, timeout * 1000), () => fail(new LinkError("TIMEOUT", "timed out")));
    begin((value) => {
      leave();
      resolve(value);
    }, fail);
  });
}
