/**
 * The socket's place in the file system (config-cli.md §5.1): its directory, a file left over from before, owner and mode, and sockets that the
 * service manager opened for us.
 */
import { chmodSync, chownSync, existsSync, mkdirSync, readFileSync, rmSync } from "node:fs";
import { dirname, isAbsolute } from "node:path";
import { Refusal, type Said } from "../../../base/index.ts";

/** systemd's first passed descriptor. */
const FIRST_DESCRIPTOR = 3;

/**
 * Makes way for the socket: its directory (last level only, of absolute paths only) and, with `force`, no file of its name.
 * @throws Refusal when the file is there and must stay.
 */
export function clearPlace(path: string, force: boolean, say: (said: Said) => void): void {
  const folder = dirname(path);
  if (isAbsolute(path) && !existsSync(folder)) mkdirSync(folder);
  if (!existsSync(path)) return;
  say({ level: "ERROR", logger: "server", text: "Fail2ban seems to be already running" });
  if (!force) throw new Refusal("Exception", "Server already running");
  say({ level: "WARNING", logger: "server", text: "Forcing execution of the server" });
  rmSync(path);
}

/**
 * Runs `bind` so that the file it makes has `mode` from its first moment (a socket is born with what the umask leaves). With a group, it is born
 * for nobody, then handed to the group, then opened: at no time can others connect.
 */
export function bindWithMode(path: string, mode: number, group: number | null, bind: () => void): void {
  const before = process.umask(group === null ? 0o777 & ~mode : 0o777);
  try {
    bind();
  } finally {
    process.umask(before);
  }
  if (group === null || !existsSync(path)) return;
  chownSync(path, process.geteuid?.() ?? 0, group);
  chmodSync(path, mode);
}

/** @returns the number of the group `name` (or of the number itself) by /etc/group, or null when there is none. */
export function groupNumber(name: string, file = "/etc/group"): number | null {
  if (/^\d+$/.test(name)) return Number(name);
  const line = readFileSync(file, "utf8")
    .split("\n")
    .find((row) => row.startsWith(`${name}:`));
  const number = line?.split(":")[2];
  return number === undefined || !/^\d+$/.test(number) ? null : Number(number);
}

/**
 * The descriptor of a socket that systemd opened for this process (`LISTEN_PID`), the one named `fail2ban` or the first. The variables are taken
 * away, so that no child believes they are meant for it.
 */
export function takeInheritedSocket(env: Record<string, string | undefined>, pid: number): number | null {
  const { LISTEN_FDS: count, LISTEN_PID: owner, LISTEN_FDNAMES: names } = env;
  if (count === undefined || Number(owner) !== pid) return null;
  for (const name of ["LISTEN_FDS", "LISTEN_PID", "LISTEN_FDNAMES"]) delete env[name];
  if (!/^\d+$/.test(count) || Number(count) < 1) return null;
  const index = (names ?? "").split(":").indexOf("fail2ban");
  return FIRST_DESCRIPTOR + (index < Number(count) ? Math.max(0, index) : 0);
}
