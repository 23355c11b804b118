/** The original for benches: Debian's fail2ban 1.0.2 with the Python modules that its inotify and journal backends need, all unpacked in .cache. */
import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { oracleEnvironment, oracleLacks, oracleProgram } from "../test/oracle.ts";

const project = fileURLToPath(new URL("../", import.meta.url));
const modules = ["python3-pyinotify", "python3-systemd"] as const;

export interface Theirs {
  readonly command: readonly string[];
  readonly environment: Readonly<Record<string, string>>;
}

/** @returns how its server is run, or why it cannot be. */
export function theirs(): Theirs | { readonly lacks: string } {
  const lacks = oracleLacks();
  if (lacks !== null) return { lacks };
  const folders = modules.map((name) => join(project, ".cache/bench", name));
  for (const [i, folder] of folders.entries()) {
    if (existsSync(folder)) continue;
    const fetched = spawnSync("sh", [join(project, "scripts/fetch-deb.sh"), modules[i] ?? "", folder]);
    if (fetched.status !== 0) return { lacks: fetched.stderr.toString().trim() };
  }
  const paths = [
    oracleEnvironment.PYTHONPATH,
    ...folders.map((folder) => join(folder, "usr/lib/python3/dist-packages")),
  ];
  return { command: oracleProgram("server"), environment: { ...oracleEnvironment, PYTHONPATH: paths.join(":") } };
}
