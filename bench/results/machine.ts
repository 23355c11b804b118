/** What the figures were taken on: the machine and the versions of what ran. */
import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { cpus, release, totalmem } from "node:os";
import { fileURLToPath } from "node:url";

export function machineOf(): readonly (readonly [string, string])[] {
  const [first] = cpus();
  return [
    ["processor", `${cpus().length} × ${first?.model.trim() ?? "unknown"}`],
    ["memory", `${(totalmem() / 2 ** 30).toFixed(0)} GiB`],
    ["kernel", release()],
    ["system", /^PRETTY_NAME="?([^"\n]*)/m.exec(textOf("/etc/os-release"))?.[1] ?? "unknown"],
    ["Node", process.version],
    ["Python", printed("/usr/bin/python3", ["--version"])],
    ["nft", printed("nft", ["--version"])],
    [
      "fail2ban-ts",
      printed("git", ["-C", fileURLToPath(new URL("../..", import.meta.url)), "describe", "--always", "--dirty"]),
    ],
  ];
}

function printed(program: string, words: readonly string[]): string {
  const { status, stdout } = spawnSync(program, words, { encoding: "utf8" });
  return status === 0 ? stdout.trim() : "not there";
}

function textOf(path: string): string {
  try {
    return readFileSync(path, "utf8");
  } catch {
    return "";
  }
}
