/** What a program of the command line touches of its process: given from outside, so that tests run it within theirs. */

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
}

export interface Started {
  /** It could not be started, or is gone already. */
  readonly ended: () => boolean;
}

/** @param entry the file that runs `server`, when called with that word. */
export function processIo(entry: string): Io {
  return {
    out: (text) => void process.stdout.write(text),
    err: (text) => void process.stderr.write(text),
    terminal: process.stdout.isTTY,
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
  };
}

/** As Python decides what standard output can take: UTF-8, unless the locale names another encoding. */
export function isUnicode(env: Readonly<Record<string, string | undefined>>): boolean {
  const locale = env["PYTHONIOENCODING"] || env["LC_ALL"] || env["LC_CTYPE"] || env["LANG"] || "C";
  return !/[.:]/.test(locale) ? /^(?:C|POSIX)$/.test(locale) : /utf-?8/i.test(locale);
}

function lineReader(): Io["readLine"] {
  let lines: AsyncIterator<string> | null = null;
  let setPrompt: (prompt: string) => void = () => {};
  return async (prompt) => {
    if (lines === null) {
      const { createInterface } = await import("node:readline");
      const terminal = process.stdin.isTTY && process.stdout.isTTY;
      const reader = createInterface({ input: process.stdin, output: process.stdout, terminal });
      setPrompt = (text) => {
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
