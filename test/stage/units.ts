/**
 * Journald on a world's guarded machine, and processes in systemd's units there without a systemd: journald takes a
 * sender's unit from the control group it is in, and nobody but root can choose that.
 *
 * Needs root and control groups of version 2 (`unitsRefusal`). To be made before the world and so removed after it:
 * a control group cannot be removed while a process is in it.
 */
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmdirSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { journaldRefusal } from "./journald.ts";
import { must, until, type World } from "./world.ts";

export interface Units extends Disposable {
  /** Starts journald on the guarded machine, in place of its system log. */
  startJournald(world: World): Promise<void>;
  /** The words that run a command as the main process of this service. */
  asService(name: string, words: readonly string[]): readonly string[];
}

/** @returns why there can be no units here, or false. */
export function unitsRefusal(): string | false {
  return journaldRefusal() || (groups() === null ? "needs control groups of version 2 that can be written" : false);
}

const JOURNALD = "/lib/systemd/systemd-journald";
const CONFIGURATION = `[Journal]
Storage=volatile
ReadKMsg=no
Audit=no
RateLimitIntervalSec=0
RateLimitBurst=0
`;

export function makeUnits(): Units {
  const all = groups();
  if (all === null) throw new Error("there are no control groups of version 2 here");
  const top = mkdtempSync(join(all, "fail2ban-ts-"));
  const slice = join(top, "system.slice");
  mkdirSync(slice);
  const enter = (group: string, words: readonly string[]): readonly string[] => [
    ...["sh", "-ec", `echo 0 > "$1/cgroup.procs"; shift; exec "$@"`, "enter", group],
    ...words,
  ];
  return {
    asService: (name, words) => {
      const group = join(slice, `${name}.service`);
      if (!existsSync(group)) mkdirSync(group);
      return enter(group, words);
    },
    startJournald: (world) => startJournald(world, (words) => enter(top, words)),
    [Symbol.dispose]: () => remove(top),
  };
}

async function startJournald(world: World, inTop: (words: readonly string[]) => readonly string[]): Promise<void> {
  const settings = join(world.folder, "journald.conf");
  writeFileSync(settings, CONFIGURATION);
  const folders = ["systemd/journal", "systemd/system", "systemd/journald.conf.d", "log/journal"];
  await must(world.onGuarded("mkdir", "-p", ...folders.map((folder) => `/run/${folder}`)));
  await must(world.onGuarded("cp", settings, "/run/systemd/journald.conf.d/stage.conf"));
  symlinkSync("/run/systemd/journal/dev-log", join(world.folder, "log"));
  // Seen from a control group's namespace of its own, the units below it are those of the whole machine.
  const journald = world.start(inTop(["unshare", "--cgroup", JOURNALD]));
  await until(`journald's socket: ${journald.printed()}`, 10, async () => {
    return (await world.onGuarded("test", "-S", "/run/systemd/journal/socket")).status === 0;
  });
}

/** Where control groups of version 2 are mounted, if we may write there. */
function groups(): string | null {
  const mounts = readFileSync("/proc/self/mountinfo", "utf8").split("\n");
  const folder = mounts.find((line) => line.includes(" - cgroup2 ") && line.includes(" rw"))?.split(" ")[4];
  if (folder === undefined) return null;
  try {
    rmdirSync(mkdtempSync(join(folder, "fail2ban-ts-")));
    return folder;
  } catch {
    return null;
  }
}

function remove(group: string): void {
  for (const entry of readdirSync(group, { withFileTypes: true }))
    if (entry.isDirectory()) remove(join(group, entry.name));
  rmdirSync(group);
}
