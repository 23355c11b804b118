/**
 * The program under test on a world's guarded machine: ours, or with UNDER_TEST=theirs Debian's fail2ban, which shows
 * that a test asks for nothing but what fail2ban does. Both are driven only as programs: files, options, exit codes.
 */
import { cpSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { oracleConfig, oracleEnvironment, oracleLacks, oracleProgram } from "../oracle.ts";
import { run, until, type Running, type Said, type World } from "./world.ts";

export const underTest = process.env["UNDER_TEST"] === "theirs" ? "theirs" : "ours";

/** Why the program under test cannot run here, or false: to be joined to a test's other needs. */
export const lacksProgram: string | false = underTest === "theirs" ? (oracleLacks() ?? false) : false;

const project = fileURLToPath(new URL("../../", import.meta.url));

export interface Guard {
  readonly running: Running;
  /** One command of fail2ban-client. */
  client(...words: readonly string[]): Promise<Said>;
  /** The server's log so far. */
  log(): string;
  /** Stops it by the client and waits for its end. */
  stop(): Promise<number>;
}

/**
 * Starts the server on its own stock configuration, with `files` (path below the configuration folder → text) laid
 * over it; jail.d starts empty, so that only the test's own jails run. `overlay` is a folder laid over first.
 */
export async function startGuard(
  world: World,
  files: Readonly<Record<string, string>>,
  overlay?: string,
): Promise<Guard> {
  const etc = join(world.folder, "etc");
  cpSync(underTest === "theirs" ? oracleConfig : join(project, "config"), etc, { recursive: true });
  for (const name of readdirSync(join(etc, "jail.d"))) rmSync(join(etc, "jail.d", name));
  if (overlay !== undefined) cpSync(overlay, etc, { recursive: true });
  const paths = { socket: "f2b.sock", pidfile: "f2b.pid", dbfile: "f2b.sqlite3", logtarget: "f2b.log" };
  const own = Object.entries(paths).map(([key, name]) => `${key} = ${join(world.folder, name)}\n`);
  for (const [path, text] of [["fail2ban.local", `[Definition]\n${own.join("")}`], ...Object.entries(files)] as const) {
    mkdirSync(dirname(join(etc, path)), { recursive: true });
    writeFileSync(join(etc, path), text);
  }
  const running = world.start([...words("server"), "-x", "-f", "-c", etc, "start"], environment);
  const client = (...rest: readonly string[]): Promise<Said> =>
    run([...words("client"), "-c", etc, ...rest], environment);
  const log = (): string => readFileSync(join(world.folder, paths.logtarget), "utf8");
  const guard: Guard = { running, client, log, stop: () => stop(running, client) };
  await ready(guard);
  return guard;
}

const environment = underTest === "theirs" ? oracleEnvironment : {};

function words(program: "server" | "client"): readonly string[] {
  return underTest === "theirs" ? oracleProgram(program) : [join(project, "bin", `fail2ban-${program}`)];
}

/** Every jail named by `status` answers. A server that ended is told with what it printed. */
async function ready(guard: Guard): Promise<void> {
  let ended: number | null = null;
  void guard.running.ended.then((status) => (ended = status));
  await until("the server", 30, async () => {
    if (ended !== null) throw new Error(`the server ended with ${ended}: ${guard.running.printed()}`);
    return (
      (await guard.client("ping")).stdout.includes("pong") &&
      /Jail list:\s+\S/.test((await guard.client("status")).stdout)
    );
  });
}

async function stop(running: Running, client: Guard["client"]): Promise<number> {
  const said = await client("stop");
  if (said.status !== 0) throw new Error(`stop: ${said.stderr}${said.stdout}`);
  return running.ended;
}
