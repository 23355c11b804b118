/**
 * A whole Debian with systemd as its first process, booted in a container on the guarded machine of a stage world, to install
 * packages on. Its file tree is a cached one (package-rootfs.sh) below an overlay; all is gone at the end.
 */
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  rmdirSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { basename, dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { makeWorld, must, until, type Said, type World } from "../stage/world.ts";

const project = fileURLToPath(new URL("../../", import.meta.url));
const groups = ["unified", "systemd"].map((name) => `/sys/fs/cgroup/${name}`).filter((path) => existsSync(path));

/** The trees that machines stand on: unpacked once for all machines of a test file. */
export class Ground {
  readonly folder = mkdtempSync(join(tmpdir(), "fail2ban-ts-ground-"));

  /** @param debian its version */
  static async lay(debian: 12 | 13 = 12): Promise<Ground> {
    const ground = new Ground();
    try {
      // Minutes, the first time.
      await mustLong("sh", join(project, "test/system/package-rootfs.sh"), ...(debian === 13 ? ["trixie"] : []));
      mkdirSync(join(ground.folder, "root"));
      await mustLong(
        "tar",
        "-xf",
        join(project, `.cache/stage/package-debian${debian}.tar`),
        "-C",
        join(ground.folder, "root"),
      );
      return ground;
    } catch (cause) {
      ground.remove();
      throw cause;
    }
  }

  remove(): void {
    rmSync(this.folder, { recursive: true, force: true });
  }
}

/** A command that may take longer than the stage's minute. */
async function mustLong(...words: readonly string[]): Promise<void> {
  const { spawn } = await import("node:child_process");
  const [program = "", ...rest] = words;
  const child = spawn(program, rest, { stdio: ["ignore", "inherit", "inherit"] });
  const status = await new Promise<number | null>((resolve) => child.once("exit", (code) => resolve(code)));
  if (status !== 0) throw new Error(`${words.join(" ")} ended with ${status}`);
}

export class Machine {
  readonly world: World;
  readonly #ground: Ground;
  #enter: readonly string[] = [];
  #ended: Promise<number> = Promise.resolve(0);
  readonly #name: string;
  readonly #place: string;

  static async make(ground: Ground): Promise<Machine> {
    return new Machine(await makeWorld(), ground, mkdtempSync(join(tmpdir(), "fail2ban-ts-machine-")));
  }

  private constructor(world: World, ground: Ground, place: string) {
    this.world = world;
    this.#ground = ground;
    this.#place = place;
    this.#name = basename(place);
    for (const name of ["up", "work", "root"]) mkdirSync(join(place, name));
    this.#furnish();
  }

  #furnish(): void {
    this.write("/etc/hostname", "guarded\n");
    this.write("/etc/machine-id", "");
    this.write("/etc/hosts", "127.0.0.1 localhost guarded\n::1 localhost\n");
    const masked = ["systemd-networkd", "systemd-resolved", "systemd-timesyncd", "console-getty", "e2scrub_reap"].map(
      (name) => `${name}.service`,
    );
    const timers = [
      "apt-daily",
      "apt-daily-upgrade",
      "dpkg-db-backup",
      "fstrim",
      "e2scrub_all",
      "man-db",
      "logrotate",
    ].map((name) => `${name}.timer`);
    mkdirSync(join(this.#place, "up/etc/systemd/system"), { recursive: true });
    for (const name of [...masked, ...timers])
      symlinkSync("/dev/null", join(this.#place, "up/etc/systemd/system", name));
    // Wrong passwords are answered at once.
    this.write("/etc/ssh/sshd_config.d/fast.conf", "UsePAM no\nUseDNS no\nMaxStartups 100\n");
  }

  /** Puts a file on the machine before it boots. */
  write(path: string, text: string): void {
    const place = join(this.#place, "up", path);
    mkdirSync(dirname(place), { recursive: true });
    writeFileSync(place, text);
  }

  /** Puts a package, or another file, into /srv/packages before it boots. @returns its path there */
  bring(file: string): string {
    mkdirSync(join(this.#place, "up/srv/packages"), { recursive: true });
    cpSync(file, join(this.#place, "up/srv/packages", basename(file)));
    return `/srv/packages/${basename(file)}`;
  }

  /** Boots it; resolves when systemd says that all units are there. */
  async boot(): Promise<void> {
    const root = join(this.#place, "root");
    const [lower, upper, work] = [
      join(this.#ground.folder, "root"),
      join(this.#place, "up"),
      join(this.#place, "work"),
    ];
    const layers = `lowerdir=${lower},upperdir=${upper},workdir=${work}`;
    await must(this.world.onGuarded("mount", "-t", "overlay", this.#name, "-o", layers, root));
    for (const group of groups) mkdirSync(join(group, this.#name), { recursive: true });
    const move = groups.map((group) => `echo $$ >${join(group, this.#name)}/cgroup.procs`).join("; ");
    const nspawn = [
      ...["systemd-nspawn", "-q", "-D", root, "-M", this.#name, "--register=no", "--keep-unit"],
      ...["--capability=CAP_NET_ADMIN,CAP_NET_RAW", "--resolv-conf=off", "--timezone=off", "--link-journal=no", "-b"],
    ];
    const running = this.world.start(["sh", "-c", `${move}; exec "$@"`, "boot", ...nspawn]);
    this.#ended = running.ended;
    // By its name: a first child only prepares the container and goes.
    const first = `pgrep -x systemd -P "$(pgrep -f -o -- "^systemd-nspawn .*${this.#name} ")"`;
    let pid = "";
    await until(`the first process of the container: ${running.printed()}`, 20, async () => {
      pid = (await this.world.onGuarded("sh", "-c", first)).stdout.trim().split("\n")[0] ?? "";
      return pid !== "";
    });
    this.#enter = ["nsenter", "-t", pid, "-m", "-p", "-u", "-i", "-C", "--"];
    await until(`systemd: ${running.printed()}`, 60, async () =>
      /running|degraded/.test((await this.#inside("systemctl", "is-system-running")).stdout),
    );
  }

  #inside(...words: readonly string[]): Promise<Said> {
    return this.world.onGuarded(
      ...this.#enter,
      "env",
      "-i",
      "PATH=/usr/sbin:/usr/bin:/sbin:/bin",
      "HOME=/root",
      "TERM=dumb",
      ...words,
    );
  }

  /** Runs a shell command on the booted machine. */
  sh(command: string): Promise<Said> {
    return this.#inside("sh", "-c", command);
  }

  /** The same for one that must succeed. @returns what it printed */
  async must(command: string): Promise<string> {
    const said = await this.sh(command);
    if (said.status !== 0) throw new Error(`${command}: exit ${said.status}\n${said.stdout}${said.stderr}`);
    return said.stdout;
  }

  /** Installs package files the way an administrator does, unattended and without a network. */
  async install(...files: readonly string[]): Promise<string> {
    return await this.must(
      `DEBIAN_FRONTEND=noninteractive apt-get -q install -y --no-install-recommends --allow-downgrades ${files.join(" ")} 2>&1 </dev/null`,
    );
  }

  /** @returns whether it went down by itself. */
  async powerOff(): Promise<boolean> {
    await this.#inside("systemctl", "poweroff", "--no-wall");
    const late = new Promise<"late">((resolve) => setTimeout(() => resolve("late"), 20_000).unref());
    return (await Promise.race([this.#ended, late])) === 0;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.world[Symbol.asyncDispose]();
    rmSync(this.#place, { recursive: true, force: true });
    for (const group of groups) removeGroup(join(group, this.#name));
  }
}

/** A cgroup goes with rmdir, its inner ones first. */
function removeGroup(path: string): void {
  if (!existsSync(path)) return;
  for (const each of readdirSync(path, { withFileTypes: true }))
    if (each.isDirectory()) removeGroup(join(path, each.name));
  rmdirSync(path);
}
