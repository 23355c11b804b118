/**
 * The original's own reader, to be asked what it makes of a configuration: one long-lived Python process for a test file.
 *
 * Runs `oracle.py` on the tree of Debian's package below `.cache/oracle/tree` (FAIL2BAN_ORACLE names another).
 */
import { spawn, type ChildProcessByStdio } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { createInterface } from "node:readline";
import type { Readable, Writable } from "node:stream";

const root = join(import.meta.dirname, "../../..");
export const tree = process.env["FAIL2BAN_ORACLE"] ?? join(root, ".cache/oracle/tree");
const library = join(tree, "usr/lib/python3/dist-packages");

/** Why the tests of this folder cannot run, or false. */
export const missing: string | false = !existsSync(join(library, "fail2ban"))
  ? "Debian's fail2ban is not unpacked below .cache/oracle/tree: nothing is compared with the original"
  : false;

/** What the original printed, logged, and whether it ended well. */
export interface Answer {
  readonly out: string;
  readonly log: string;
  readonly ok: boolean;
  readonly problem: string | null;
}

/** Outcome of one command of the original's server: a class name and its message, or the repr of the answer. */
export type Served =
  | { readonly ok: true; readonly repr: string }
  | { readonly ok: false; readonly kind: string; readonly message: string };

export interface Oracle {
  client(args: readonly string[]): Promise<Answer>;
  server(commands: readonly (readonly unknown[])[]): Promise<readonly Served[]>;
  end(): void;
}

/** A question unanswered for so long fails the test. */
const DEADLINE_MS = 60_000;

export function startOracle(): Oracle {
  const env = { ...process.env, PYTHONPATH: library, PYTHONDONTWRITEBYTECODE: "1", LC_ALL: "C.UTF-8" };
  const child: ChildProcessByStdio<Writable, Readable, null> = spawn(
    "python3",
    [join(import.meta.dirname, "oracle.py")],
    {
      env,
      stdio: ["pipe", "pipe", "ignore"],
    },
  );
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  const ask = async (question: object): Promise<unknown> => {
    const alarm = setTimeout(() => child.kill(), DEADLINE_MS);
    child.stdin.write(`${JSON.stringify(question)}\n`);
    const { value, done } = await lines.next();
    clearTimeout(alarm);
    if (done === true) throw new Error(`the original did not answer ${JSON.stringify(question)}`);
    return JSON.parse(value);
  };
  return {
    client: async (args) => (await ask({ args })) as Answer,
    server: async (commands) => (await ask({ commands })) as readonly Served[],
    end: () => void child.kill(),
  };
}

/** A configuration written as one text: `--- path` begins a file. */
export function unpack(text: string, base: string): void {
  for (const part of text.split(/^--- /m).slice(1)) {
    const end = part.indexOf("\n");
    const path = join(base, part.slice(0, end));
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, part.slice(end + 1));
  }
  if (!existsSync(join(base, "fail2ban.conf"))) writeFileSync(join(base, "fail2ban.conf"), GENERAL);
}

/** Every option, so that 1.0.2 and HEAD say the same about missing ones. */
const GENERAL = `[Definition]
loglevel = INFO
logtarget = /tmp/fail2ban.log
socket = /tmp/fail2ban.sock
pidfile = /tmp/fail2ban.pid
syslogsocket = auto
allowipv6 = auto
dbfile = None
dbmaxmatches = 10
dbpurgeage = 1d
`;

/** A directory for the time of one call. */
export async function inDirectory<T>(body: (directory: string) => Promise<T> | T): Promise<T> {
  const directory = mkdtempSync(join(tmpdir(), "fail2ban-config-"));
  try {
    return await body(directory);
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
}
