/**
 * config/filter.d/ignorecommands/apache-fakegooglebot: only who has a name of Google's that leads back to him is passed over.
 * Names come from a `getent` of the test's own, in the words of the real one.
 */
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { fileURLToPath } from "node:url";

const PROGRAM = fileURLToPath(new URL("../../config/filter.d/ignorecommands/apache-fakegooglebot", import.meta.url));

const folder = mkdtempSync(join(tmpdir(), "googlebot-"));
after(() => rmSync(folder, { recursive: true }));
writeFileSync(
  join(folder, "getent"),
  `#!/bin/sh
case "$1 $2" in
  'hosts 66.249.66.1') echo '66.249.66.1     crawl-66-249-66-1.googlebot.com' ;;
  'ahosts crawl-66-249-66-1.googlebot.com')
    printf '%s\\n' '66.249.66.2     STREAM crawl' '66.249.66.1     STREAM crawl' '66.249.66.1     DGRAM' ;;
  'hosts 2001:4860:4801::1') echo '2001:4860:4801::1 Crawl.GOOGLE.com. alias.example' ;;
  'ahosts crawl.google.com') echo '2001:4860:4801::1 STREAM crawl.google.com' ;;
  'hosts 192.0.2.1') echo '192.0.2.1 crawl-66-249-66-1.googlebot.com' ;;
  'hosts 192.0.2.2') echo '192.0.2.2 googlebot.com.attacker.example' ;;
  'hosts 192.0.2.3') echo '192.0.2.3 notgooglebot.com' ;;
  'hosts 192.0.2.4') echo '192.0.2.4 -x;id.googlebot.com' ;;
  *) exit 2 ;;
esac
`,
);
chmodSync(join(folder, "getent"), 0o755);

const CASES: readonly (readonly [address: string, status: number, why: string])[] = [
  ["66.249.66.1", 0, "a name of Google's, and it leads back"],
  ["2001:4860:4801::1", 0, "IPv6, capitals, a final dot"],
  ["192.0.2.1", 1, "anybody can give his address such a name, but it leads elsewhere"],
  ["192.0.2.2", 1, "the name only begins like Google's"],
  ["192.0.2.3", 1, "the name only ends like Google's"],
  ["192.0.2.4", 1, "a name that is none"],
  ["192.0.2.9", 1, "no name"],
  ["", 1, "no address"],
  ["$(id)", 1, "no address"],
  ["-x", 1, "no address"],
];

for (const [address, status, why] of CASES) {
  test(`apache-fakegooglebot answers ${status} for ${address === "" ? "nothing" : address}: ${why}`, () => {
    const env = { PATH: `${folder}:/usr/bin:/bin` };
    const ran = spawnSync("sh", [PROGRAM, address], { env, encoding: "utf8", timeout: 10_000 });
    assert.equal(ran.status, status, ran.stderr);
  });
}
