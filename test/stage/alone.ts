/**
 * A script that plays with servers and firewalls runs itself again in namespaces of its own: a network of which it is master,
 * processes that end with it, and a private /proc. Nothing on the machine can be touched by it, however it ends.
 */
import { spawn, spawnSync } from "node:child_process";

const MARK = "FAIL2BAN_STAGE_ALONE";

/** Whether this process stands in namespaces that `runAlone` made. */
export function isAlone(): boolean {
  return process.env[MARK] !== undefined;
}

/**
 * Runs a script of ours in new namespaces.
 * @param output where what it prints goes: "inherit", or it is collected
 * @returns its exit status (1 after a signal) and what it printed
 */
export async function runAlone(
  script: string,
  args: readonly string[],
  output: "inherit" | "collect",
): Promise<{ readonly status: number; readonly printed: string }> {
  const flags = ["--net", "--mount", "--pid", "--fork", "--kill-child", "--mount-proc"];
  const child = spawn(
    "unshare",
    [...flags, process.execPath, "--disable-warning=ExperimentalWarning", script, ...args],
    {
      stdio: output === "inherit" ? "inherit" : ["ignore", "pipe", "pipe"],
      env: { ...process.env, [MARK]: "1" },
    },
  );
  let printed = "";
  for (const stream of [child.stdout, child.stderr])
    stream?.on("data", (bytes: Buffer) => (printed += bytes.toString()));
  return new Promise((resolve, reject) => {
    child.once("error", reject);
    child.once("close", (status) => resolve({ status: status ?? 1, printed }));
  });
}

/** To be called first inside: the network has a loopback, as every machine has. */
export function furnish(): void {
  spawnSync("ip", ["link", "set", "lo", "up"]);
}
