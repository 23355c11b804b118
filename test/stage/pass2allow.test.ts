/**
 * The stock jail `pass2allow-ftp`, as it stands in jail.conf: a port that is shut for everybody opens for an hour for the address
 * that has asked the web server for a secret page. Its "bans" let in, with the banaction of the jail and not the machine's default.
 */
import assert from "node:assert/strict";
import { appendFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { without } from "../skips.ts";
import { lacksProgram, startGuard } from "./program.ts";
import { makeWorld, must, until, type World } from "./world.ts";

const skip = lacksProgram || without("root", "namespaces", "ip", "iptables");

const FTP = 21;
const SERVER = `require("net").createServer((s) => s.end()).listen(${FTP}, "::", () => console.log("listens"))`;
const JAIL = "[pass2allow-ftp]\nenabled = true\nbackend = polling\nlogpath = {folder}/etc/access.log\n";

test("who knocks is let in, for both families, and nobody else", { skip, timeout: 120_000 }, async () => {
  await using world = await makeWorld();
  const server = world.start([process.execPath, "-e", SERVER]);
  await until("the FTP server", 10, () => Promise.resolve(server.printed().includes("listens")));
  const [friend, stranger] = [world.attacker(1), world.attacker(2)];
  const before = await rules(world);
  const guard = await startGuard(world, { "access.log": "", "jail.local": JAIL.replace("{folder}", world.folder) });
  for (const family of ["v4", "v6"] as const) {
    const probe = (): Promise<string> => world.probe(friend[family], FTP);
    await until(`the port to be shut: ${guard.log()}`, 20, async () => (await probe()) === "timeout");
    const stamp = new Date().toUTCString().replace(/^\w+, (\d+) (\w+) (\d+) (\S+) GMT$/, "$1/$2/$3:$4 +0000");
    const line = `${friend[family]} - - [${stamp}] "GET /knocking/ HTTP/1.1" 200 266 "-" "curl/8.5.0"\n`;
    appendFileSync(join(world.folder, "etc/access.log"), line);
    await until(`the port to open: ${guard.log()}`, 20, async () => (await probe()) === "open");
    assert.equal(await world.probe(stranger[family], FTP), "timeout", family);
  }
  assert.equal(await guard.stop(), 0, guard.running.printed());
  assert.equal(await world.probe(stranger.v4, FTP), "open", "without the jail the port is as it was");
  assert.equal(await rules(world), before);
});

async function rules(world: World): Promise<string> {
  return (await must(world.onGuarded("sh", "-c", "iptables -S; ip6tables -S; nft list tables | grep f2b; true")))
    .stdout;
}
