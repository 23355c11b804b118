/** Our programs as a package installs them: the bundle, a Node, and launchers of three lines, in a folder of their own. */
import { chmodSync, mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { bundle, launcherOf, optionsOf, START } from "../scripts/build.ts";
import { putNode } from "../scripts/deb/node.ts";

export interface Installed {
  readonly client: string;
  readonly server: string;
  readonly regex: string;
  /** The words by which a launcher starts Node, for a Node that does nothing. */
  readonly node: readonly string[];
}

/** @param folder where they go; it is the caller's to remove */
export async function install(folder: string): Promise<Installed> {
  const programs = join(folder, "programs");
  mkdirSync(programs, { recursive: true });
  await bundle(programs);
  const program = join(programs, "node");
  for (const complaint of putNode(process.execPath, program, ["strip"])) console.error(complaint);
  const launcher = (name: string): string => {
    const path = join(programs, `fail2ban-${name}`);
    writeFileSync(path, launcherOf(name, program, join(programs, START)));
    chmodSync(path, 0o755);
    return path;
  };
  const node = [program, ...optionsOf("client")];
  return { client: launcher("client"), server: launcher("server"), regex: launcher("regex"), node };
}
