/** The moment a build bears, so that two builds of one source are the same: SOURCE_DATE_EPOCH, else the last commit's, else 1 January 2026. */
import { spawnSync } from "node:child_process";
import { fileURLToPath } from "node:url";

const WITHOUT_HISTORY = 1_767_225_600;

export function buildDate(): Date {
  const given = process.env["SOURCE_DATE_EPOCH"];
  if (given !== undefined && /^\d+$/.test(given)) return new Date(Number(given) * 1000);
  const cwd = fileURLToPath(new URL("../..", import.meta.url));
  const said = spawnSync("git", ["log", "-1", "--format=%ct"], { cwd, encoding: "utf8" });
  const seconds = said.status === 0 && /^\d+\n$/.test(said.stdout) ? Number(said.stdout) : WITHOUT_HISTORY;
  return new Date(seconds * 1000);
}
