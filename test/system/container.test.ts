/**
 * The image of docs/container.md, built for real from packaging/container/Containerfile and run as the page says: on the host's
 * network with NET_ADMIN. Only what it stands on is not fetched: `debian:12-slim` is a Debian 12 that was unpacked before.
 */
import assert from "node:assert/strict";
import { copyFileSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { basename, join } from "node:path";
import { after, before, describe, test } from "node:test";
import { without } from "../skips.ts";
import { makeWorld, must, until, type World } from "../stage/world.ts";
import { dockerRefusal, removeGroups, startDocker, type Docker } from "./docker.ts";
import { buildPackage, project } from "./package-build.ts";
import { Ground } from "./package-machine.ts";
import { nspawnIsMissing } from "./package-needs.ts";

const skip = without("root", "namespaces", "ip", "nft") || nspawnIsMissing() || dockerRefusal();

const PORT = 2222;
const SERVER = `require("net").createServer((s) => s.end()).listen(${PORT}, "::", () => console.log("listens"))`;
const parent = `fail2ban-ts-image-${process.pid}`;
const LOG = "sshd.log";
const JAIL = `[sshd]\nenabled = true\nport = ${PORT}\nbackend = polling\nlogpath = /var/log/host/${LOG}\nmaxretry = 3\n`;

describe("the image", { skip, timeout: 400_000 }, () => {
  let ground: Ground;
  let world: World;
  let docker: Docker;
  const at = (...names: readonly string[]): string => join(world.folder, ...names);
  const inside = (...words: readonly string[]) => docker.run("exec", "fail2ban", ...words);

  before(async () => {
    ground = await Ground.lay();
    world = await makeWorld();
    docker = await startDocker(world, parent, ["--storage-driver", "overlay2"]); // each step of a build else copies all
    await makeBase();
    for (const folder of ["context/dist/deb", "srv", "log"]) mkdirSync(at(folder), { recursive: true });
    mkdirSync(at("deb"));
    const deb = buildPackage(at("deb"));
    copyFileSync(deb, at("context/dist/deb", basename(deb)));
    writeFileSync(at("srv/jail.local"), JAIL);
    writeFileSync(at("log", LOG), "");
  });
  after(async () => {
    await docker?.stop();
    await world?.[Symbol.asyncDispose]();
    removeGroups(parent);
    ground?.remove();
  });

  /** A machine's tree as an image, without the places that apt fetches from. */
  async function makeBase(): Promise<void> {
    const root = join(ground.folder, "root");
    const script = `rm -rf "$1/etc/apt/sources.list" "$1/etc/apt/sources.list.d"; tar -C "$1" --exclude=./dev/* --exclude=./usr/share/doc/* --exclude=./usr/share/zsh -cf "$2" .`;
    await must(world.onGuarded("sh", "-ec", script, "base", root, at("base.tar")));
    await docker.run("import", at("base.tar"), "debian:12-slim");
  }

  test("is built by its definition", async () => {
    const file = join(project, "packaging/container/Containerfile");
    await docker.run("build", "--network", "none", "-f", file, "-t", "fail2ban-ts", at("context"));
  });

  test("bans who is in the host's log, and in the host's firewall, and lets in again at the end", async () => {
    const page = readFileSync(join(project, "docs/container.md"), "utf8");
    for (const words of ["--network host", "--cap-add NET_ADMIN", "--cap-add NET_RAW", ":/var/log/host:ro"])
      assert.ok(page.includes(words), words);
    const server = world.start([process.execPath, "-e", SERVER]);
    await until("a server on the host", 10, () => Promise.resolve(server.printed().includes("listens")));
    await docker.run(
      ...["run", "-d", "--name", "fail2ban", "--network", "host", "--cap-add", "NET_ADMIN", "--cap-add", "NET_RAW"],
      ...["-v", `${at("srv/jail.local")}:/etc/fail2ban/jail.local:ro`, "-v", "fail2ban-state:/var/lib/fail2ban"],
      ...["-v", `${at("log")}:/var/log/host:ro`, "fail2ban-ts"],
    );
    const said = async (): Promise<string> => (await docker.run("logs", "fail2ban")).stdout;
    await until("the server", 30, async () => (await said()).includes("Server ready"));
    const [offender, neighbour] = [world.attacker(1), world.attacker(2)];
    for (const from of [offender.v4, offender.v6]) {
      assert.equal(await world.probe(from, PORT), "open");
      writeFileSync(at("log", LOG), failures(from), { flag: "a" });
      await until(`the ban of ${from}`, 20, async () => (await world.probe(from, PORT)) === "refused").catch(
        async (cause: unknown) => {
          throw new Error(await said(), { cause });
        },
      );
    }
    assert.equal(await world.probe(neighbour.v4, PORT), "open");
    assert.match((await inside("fail2ban-client", "status", "sshd")).stdout, /Currently banned:\t2\n/);
    await docker.run("stop", "fail2ban");
    assert.equal(await world.probe(offender.v4, PORT), "open");
    assert.equal((await must(world.onGuarded("nft", "list", "tables"))).stdout.includes("f2b"), false);
    await docker.run("rm", "fail2ban");
  });
});

/** Each address is a connection of its own, as the number of its sshd says. */
function failures(from: string): string {
  const stamp = new Date().toISOString();
  const pid = from.includes(":") ? 6 : 4;
  return `${stamp} host sshd[${pid}]: Failed password for root from ${from} port 40312 ssh2\n`.repeat(3);
}
