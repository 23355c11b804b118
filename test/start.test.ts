/** npm start up to the server's start: which configuration, paths and words it is given. A stand-in takes its place. */
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { chmodSync, cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, describe, test } from "node:test";
import { fileURLToPath } from "node:url";
import { without } from "./skips.ts";

const project = fileURLToPath(new URL("../", import.meta.url));
const scratch = mkdtempSync(join(tmpdir(), "fail2ban-ts-start-"));
after(() => rmSync(scratch, { recursive: true }));

const root = join(scratch, "project");
const files: Readonly<Record<string, string>> = {
  "project/scripts/setup.sh": "",
  "project/bin/fail2ban-server": `#!/bin/sh
printf 'watch-only %s\\nwords' "\${FAIL2BAN_TS_WATCH_ONLY:-0}"; printf ' <%s>' "$@"; echo
while [ "$1" != -c ]; do shift; done
cd "$2"; echo "jail $(cat jail.conf) $(cat jail.local 2>/dev/null) $(ls fail2ban.d | tr '\\n' ' ')"
sed -n 's/^[a-z]* = /&/p' fail2ban.d/zz-start.local 2>/dev/null; true\n`,
  "project/config/jail.conf": "ours",
  "project/config/fail2ban.d/10-own.conf": "",
  "theirs/jail.conf": "theirs",
  "theirs/jail.local": "local",
  "theirs/fail2ban.d/20-own.conf": "",
};
for (const [path, text] of Object.entries(files)) {
  mkdirSync(join(scratch, path, ".."), { recursive: true });
  writeFileSync(join(scratch, path), text);
}
cpSync(join(project, "scripts/start.sh"), join(root, "scripts/start.sh"));
chmodSync(join(root, "bin/fail2ban-server"), 0o755);
mkdirSync(join(scratch, "state"));
// Readable for whoever plays the part of a user without root.
for (const path of [scratch, join(scratch, "state")]) chmodSync(path, 0o777);

const isRoot = process.geteuid?.() === 0;
/** As root with a /run and a /var/lib of its own, so that nothing is written on this machine. */
const asRoot = ["unshare", "--mount", "--propagation=private", "sh", "-ec"];
const asUser = isRoot ? ["setpriv", "--reuid=65534", "--regid=65534", "--clear-groups", "sh", "-ec"] : ["sh", "-ec"];

function start(
  as: readonly string[],
  prepare: string,
  ...words: readonly string[]
): { status: number | null; text: string } {
  const [program = "", ...rest] = [...as, `${prepare}\nexec sh "$0" "$@"`, join(root, "scripts/start.sh"), ...words];
  const env = { PATH: process.env["PATH"], HOME: scratch, XDG_STATE_HOME: join(scratch, "state"), INIT_CWD: scratch };
  const said = spawnSync(program, rest, { encoding: "utf8", env });
  return { status: said.status, text: `${said.stdout}${said.stderr}` };
}

describe("npm start without root", () => {
  const state = join(scratch, "state/fail2ban-ts");

  test("only watches, with our own configuration, in folders of the user's own", () => {
    const { status, text } = start(asUser, "");
    assert.equal(status, 0, text);
    assert.match(text, /^Not root: this only watches\. /);
    assert.ok(
      text.includes(`watch-only 1\nwords <-xf> <-c> <${state}/run/config>\njail ours  10-own.conf zz-start.local \n`),
    );
    const paths = [`socket = ${state}/run/fail2ban.sock`, `pidfile = ${state}/run/fail2ban.pid`];
    assert.ok(text.endsWith(`logtarget = STDOUT\n${paths.join("\n")}\ndbfile = ${state}/fail2ban.sqlite3\n`), text);
    assert.ok(text.includes(`fail2ban-client -c ${state}/run/config status\n`));
  });

  for (const spelled of [["-c", "theirs"], ["-ctheirs"], ["--conf", "theirs"], ["--conf=theirs"]])
    test(`takes a configuration named by ${spelled.join(" ")}, from where npm was called, and passes other words on`, () => {
      const { status, text } = start(asUser, "", "-v", ...spelled, "--loglevel", "DEBUG");
      assert.equal(status, 0, text);
      assert.ok(
        text.includes(
          `<-c> <${state}/run/config> <-v> <--loglevel> <DEBUG>\njail theirs local 20-own.conf zz-start.local \n`,
        ),
        text,
      );
    });

  test("refuses a folder that is not there, in a sentence", () => {
    const said = start(asUser, "", "-c", "nowhere");
    assert.deepEqual(said, {
      status: 255,
      text: "npm start: there is no folder nowhere; name the one that holds jail.conf\n",
    });
  });
});

describe("npm start as root", { skip: without("root", "namespaces") }, () => {
  const machine = "mount -t tmpfs run /run; mount -t tmpfs lib /var/lib; mkdir /run/fail2ban";
  const nft = `mkdir /run/bin; printf '#!/bin/sh\\n' >/run/bin/nft; chmod 755 /run/bin/nft; PATH=$PATH:/run/bin`;

  test("enforces, in folders of its own beside those of an installed fail2ban", () => {
    const { status, text } = start(asRoot, `${machine}; ${nft}`);
    assert.equal(status, 0, text);
    assert.ok(text.includes("watch-only 0\nwords <-xf> <-c> </run/fail2ban-ts/config>\njail ours"), text);
    assert.ok(text.includes("socket = /run/fail2ban-ts/fail2ban.sock\n"), text);
    assert.ok(text.endsWith("dbfile = /var/lib/fail2ban-ts/fail2ban.sqlite3\n"), text);
  });

  test("with a configuration named is the real thing: nothing is laid over it", () => {
    const { status, text } = start(asRoot, `${machine}; ${nft}`, "-c", join(scratch, "theirs"), "-v");
    assert.equal(status, 0, text);
    const ask = `configuration  ${scratch}/theirs\nask it         ${root}/bin/fail2ban-client -c ${scratch}/theirs status\n`;
    assert.equal(
      text,
      `${ask}watch-only 0\nwords <-xf> <-c> <${scratch}/theirs> <-v>\njail theirs local 20-own.conf \n`,
    );
  });

  test("refuses to start beside a running fail2ban, whose bans it would take down", () => {
    const { status, text } = start(asRoot, `${machine}; ${nft}; echo $$ >/run/fail2ban/fail2ban.pid`);
    assert.equal(status, 255);
    assert.match(text, /^npm start: fail2ban is running on this machine \(process \d+\)/);
  });

  test("starts where only a pid file stayed behind, whatever runs under its number now", () => {
    for (const process of ["999999999", "1"]) {
      const { status, text } = start(asRoot, `${machine}; ${nft}; echo ${process} >/run/fail2ban/fail2ban.pid`);
      assert.equal(status, 0, text);
    }
  });
});
