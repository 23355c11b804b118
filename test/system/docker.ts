/**
 * Debian's docker engine on a world's guarded machine, unpacked and run by hand; its containers log to the world's journald.
 *
 * Everything it keeps is below the world's folder, its networks and rules are the guarded machine's. `dockerRefusal` says
 * why it cannot be had here.
 */
import { spawnSync } from "node:child_process";
import { mkdirSync, readdirSync, rmdirSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { must, until, type Said, type World } from "../stage/world.ts";

const project = fileURLToPath(new URL("../../", import.meta.url));
const tree = join(project, ".cache/stage/docker");

/** Fetches the engine where it is not yet. @returns why it cannot be had, or false. */
export function dockerRefusal(): string | false {
  const fetched = spawnSync("sh", [join(project, "test/system/docker.sh")], { encoding: "utf8" });
  if (fetched.status !== 0) return `has no docker engine: ${fetched.stderr.trim().split("\n").at(-1) ?? ""}`;
  const tried = spawnSync(join(tree, "usr/sbin/dockerd"), ["--version"], { encoding: "utf8" });
  return tried.status === 0 ? false : `the docker engine does not run here: ${tried.stderr.trim()}`;
}

export interface Docker {
  /** One command of the client, which must succeed. */
  run(...words: readonly string[]): Promise<Said>;
  stop(): Promise<void>;
}

/** Control groups of this parent are the engine's: removed by `removeGroups` when the machine is gone. @param more options of dockerd */
export async function startDocker(world: World, parent: string, more: readonly string[] = []): Promise<Docker> {
  const at = (name: string): string => join(world.folder, "docker", name);
  mkdirSync(at(""));
  const path = [join(tree, "usr/sbin"), join(tree, "usr/bin"), process.env["PATH"] ?? "", "/usr/sbin:/sbin"].join(":");
  const engine = world.start(
    [
      ...["env", `PATH=${path}`, "dockerd", "--host", `unix://${at("socket")}`, "--pidfile", at("pid")],
      ...["--data-root", at("data"), "--exec-root", at("exec"), "--storage-driver", "vfs", "--cgroup-parent", parent],
      ...["--bip", "10.99.64.1/24", "--default-address-pool", "base=10.99.128.0/17,size=24", ...more],
    ],
    {},
  );
  const client = (...words: readonly string[]): Promise<Said> =>
    world.onGuarded("env", `PATH=${path}`, "docker", "--host", `unix://${at("socket")}`, ...words);
  let ended = false;
  void engine.ended.then(() => (ended = true));
  await until("the docker engine", 60, async () => {
    if (ended) throw new Error(`the docker engine ended: ${engine.printed()}`);
    return (await client("version")).status === 0;
  });
  return {
    run: (...words) => must(client(...words)),
    stop: async () => {
      await world.onGuarded("sh", "-c", `kill "$(cat "$1")"`, "stop", at("pid"));
      await engine.ended;
    },
  };
}

/** Makes an image of a static busybox that serves a page on port 25. */
export async function makeImage(world: World, docker: Docker, name: string): Promise<void> {
  const root = join(world.folder, "image");
  for (const folder of ["bin", "www"]) mkdirSync(join(root, folder), { recursive: true });
  const script = `cp "$1" "$2/bin/busybox"
    for it in sh httpd echo; do ln -s busybox "$2/bin/$it"; done
    tar -C "$2" -cf "$2.tar" .`;
  await must(world.onGuarded("sh", "-ec", script, "image", join(tree, "bin/busybox"), root));
  await docker.run("import", `${root}.tar`, name);
}

/** The engine's control groups stay behind when its machine is gone. */
export function removeGroups(parent: string): void {
  const all = "/sys/fs/cgroup";
  for (const controller of ["", ...readdirSync(all)]) removeGroup(join(all, controller, parent));
}

function removeGroup(group: string): void {
  let entries;
  try {
    entries = readdirSync(group, { withFileTypes: true });
  } catch {
    return; // not every controller has one
  }
  for (const entry of entries) if (entry.isDirectory()) removeGroup(join(group, entry.name));
  rmdirSync(group);
}
