/** What a program of the command line touches of its process: given from outside, so that tests run it within theirs. */
import { writeSync } from "node:fs";
import type { Start } from "./foreground.ts";

export interface Io {
  readonly out: (text: string) => void;
  readonly err: (text: string) => void;
  /** Standard output is a terminal: what others wrote is shown without its control characters. */
  readonly terminal: boolean;
  /** Box characters may be drawn. */
  readonly unicode: boolean;
  readonly pid: number;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Asks for a line; null at the end of input. */
  readonly readLine: (prompt: string) => Promise<string | null>;
  /** Starts a server as a process of its own, which outlives this one. */
  readonly spawnServer: (args: readonly string[]) => Promise<Started>;
  /** Is the server in this process. @returns its exit status, when it has ended. */
  readonly serve: Serve;
}

export type Serve = (start: Start) => Promise<number>;

export interface Started {
  /** It could not be started, or is gone already. */
  readonly ended: () => boolean;
}

/** Of the process that this is. */
interface OwnIo extends Io {
  /** Ends the process as soon as all is written: at once, as a rule, without taking down what is taken down with it anyway. */
  readonly leave: (status: number) => void;
}

/** @param entry the file that runs `server`, when called with that word @param serve for programs that may become the server */
export function processIo(entry = "", serve: Serve = neverServes): OwnIo {
  const out = writer(1, () => process.stdout);
  const err = writer(2, () => process.stderr);
  return {
    out: out.write,
    err: err.write,
    leave: (status) => {
      process.exitCode = status;
      if (!out.streams() && !err.streams()) process.exit();
    },
    get terminal() {
      return process.getBuiltinModule("node:tty").isatty(1);
    },
    unicode: isUnicode(process.env),
    pid: process.pid,
    env: process.env,
    readLine: lineReader(),
    spawnServer: async (args) => {
      const { spawn } = await import("node:child_process");
      const child = spawn(process.execPath, [...process.execArgv, entry, "server", ...args], {
        detached: true,
        stdio: "ignore",
      });
      let ended = false;
      for (const event of ["error", "exit"]) child.on(event, () => (ended = true));
      child.unref();
      return { ended: () => ended };
    },
    serve,
  };
}

function neverServes(): never {
  throw new Error("this program is never the server");
}

interface Writer {
  readonly write: (text: string) => void;
  /** Whether something may still wait to be written. */
  readonly streams: () => boolean;
}

/**
 * Writes at once. Node's own stream takes milliseconds to load, so it is used only from where something cannot be written at once (a pipe that is
 * full and does not wait, one without a reader) on: it waits, or complains.
 */
function writer(descriptor: number, stream: () => NodeJS.WritableStream): Writer {
  let streams = false;
  return {
    write: (text) => {
      const bytes = Buffer.from(text);
      const written = streams ? 0 : writeNow(descriptor, bytes);
      streams ||= written < bytes.length;
      if (streams) stream().write(bytes.subarray(written));
    },
    streams: () => streams,
  };
}

/** @returns how many of the bytes were written. */
function writeNow(descriptor: number, bytes: Uint8Array): number {
  let at = 0;
  try {
    while (at < bytes.length) at += writeSync(descriptor, bytes, at);
  } catch {
    // The stream says what is wrong.
  }
  return at;
}

/** As Python decides what standard output can take: UTF-8, unless the locale names another encoding. */
export function isUnicode(env: Readonly<Record<string, string | undefined>>): boolean {
  const locale = env["PYTHONIOENCODING"] || env["LC_ALL"] || env["LC_CTYPE"] || env["LANG"] || "C";
  // In lower case: V8 takes a quarter of a millisecond for its first expression that is to ignore case.
  return !/[.:]/.test(locale) ? /^(?:C|POSIX)$/.test(locale) : /utf-?8/.test(locale.toLowerCase());
}

function lineReader(): Io["readLine"] {
  let lines: AsyncIterator<string> | null = null;
  let setPrompt: (prompt: string) => void = () => {};
  return async (prompt) => {
    if (lines === null) {
      const { createInterface } = await import("node:readline");
      const terminal = process.stdin.isTTY && process.stdout.isTTY;
      const reader = createInterface({ input: process.stdin, output: process.stdout, terminal });
      let closed = false;
      reader.once("close", () => (closed = true));
      setPrompt = (text) => {
        // Input that was piped in ends while a command is still being carried out; what it had before is read all the same.
        if (closed) return void process.stdout.write(text);
        reader.setPrompt(text);
        reader.prompt();
      };
      lines = reader[Symbol.asyncIterator]();
    }
    setPrompt(prompt);
    const next = await lines.next();
    return next.done === true ? null : next.value;
  };
}
