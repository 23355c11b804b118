/** Start, restart and stop of the server by the client, as processes of their own: both programs must say the same and end with the same status. */
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, describe, test } from "node:test";
import { leaveSocket, missing, ORACLE, PROJECT, PYTHON, writeConfiguration, type Outcome, type Side } from "./stand.ts";

/** Command lines in their order; `server` runs fail2ban-server; `leave` leaves a socket file without a server. */
const STEPS: readonly { readonly run: "client" | "server" | "leave"; readonly line: string; readonly why?: string }[] =
  [
    { run: "client", line: "ping" },
    { run: "client", line: "start" },
    { run: "client", line: "ping" },
    { run: "client", line: "start" },
    { run: "client", line: "set sshd banip 192.0.2.1" },
    { run: "client", line: "restart" },
    { run: "client", line: "get sshd banned" },
    { run: "client", line: "restart sshd" },
    { run: "server", line: "" },
    { run: "server", line: "status" },
    { run: "client", line: "stop" },
    { run: "client", line: "restart" },
    { run: "client", line: "stop" },
    { run: "server", line: "-b" },
    { run: "server", line: "stop" },
    { run: "leave", line: "" },
    { run: "client", line: "ping" },
    { run: "client", line: "status" },
    { run: "client", line: "start" },
    { run: "server", line: "" },
    { run: "client", line: "-x start" },
    { run: "client", line: "stop" },
    { run: "client", line: "--timeout 2 -t start" },
    { run: "client", line: "stop" },
  ];

const folders: string[] = [];
after(() => {
  for (const folder of folders) {
    endServer(folder);
    rmSync(folder, { recursive: true, force: true });
  }
});

/** A server that a failing test has left behind. */
function endServer(folder: string): void {
  try {
    process.kill(Number(readFileSync(join(folder, "s.pid"), "utf8")), "SIGKILL");
  } catch {
    // There is none.
  }
}

async function play(side: Side): Promise<readonly Outcome[]> {
  const folder = mkdtempSync(join(tmpdir(), "f2b-life-"));
  folders.push(folder);
  writeConfiguration(folder);
  const outcomes: Outcome[] = [];
  for (const { run, line } of STEPS) {
    if (run === "leave") leaveSocket(join(folder, "s.sock"));
    outcomes.push(
      run === "leave"
        ? { code: 0, stdout: "", stderr: "" }
        : await program(
            side,
            run,
            ["-c", join(folder, "conf"), ...line.split(" ").filter((word) => word !== "")],
            folder,
          ),
    );
  }
  return outcomes;
}

function program(side: Side, name: string, args: readonly string[], folder: string): Promise<Outcome> {
  const file = join(side === "theirs" ? join(ORACLE, "usr/bin") : join(PROJECT, "bin"), `fail2ban-${name}`);
  const env = {
    ...process.env,
    PYTHONPATH: join(ORACLE, "usr/lib/python3/dist-packages"),
    PYTHONDONTWRITEBYTECODE: "1",
  };
  const child = spawn(side === "theirs" ? PYTHON : file, side === "theirs" ? [file, ...args] : args, {
    env,
    stdio: ["ignore", "pipe", "pipe"],
  });
  let [stdout, stderr] = ["", ""];
  child.stdout.on("data", (bytes: Buffer) => void (stdout += bytes.toString()));
  child.stderr.on("data", (bytes: Buffer) => void (stderr += bytes.toString()));
  const ended = new Promise<number | null>((resolve) => child.once("exit", resolve));
  const closed = new Promise<void>((resolve) => child.once("close", () => resolve()));
  return ended.then(async (code) => {
    await closed;
    return {
      code: code ?? -1,
      stdout: stdout.replaceAll(folder, "@"),
      stderr: ownErrors(stderr).replaceAll(folder, "@"),
    };
  });
}

function ownErrors(stderr: string): string {
  const own = /^\d{4}-\S+ \S+ fail2ban +\[\d+\]: (ERROR .*)$/;
  return stderr
    .split("\n")
    .flatMap((line) => own.exec(line)?.[1] ?? [])
    .join("\n");
}

describe("start, restart and stop", { skip: missing() }, () => {
  const played = missing() === false ? Promise.all([play("theirs"), play("ours")]) : Promise.resolve([[], []]);
  played.catch(() => {}); // said by the tests that wait for it
  for (const [at, { run, line }] of STEPS.entries())
    test(`${at}: ${run === "leave" ? "a socket file is left" : `fail2ban-${run} ${line}`}`, async () => {
      const [theirs = [], ours = []] = await played;
      assert.deepEqual(ours[at], theirs[at]);
    });
});
