import assert from "node:assert/strict";
import { cpSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { ourDump, theirDump } from "./ours.ts";
import { inDirectory, missing, startOracle, tree, type Oracle } from "./oracle.ts";

let oracle: Oracle;

before(() => {
  if (missing === false) oracle = startOracle();
});
after(() => oracle?.end());

/** All of Debian's configuration, every jail enabled with a log file. */
function enableAll(directory: string): number {
  cpSync(join(tree, "etc/fail2ban"), directory, { recursive: true });
  const log = join(directory, "one.log");
  writeFileSync(log, "");
  const jails = [...readFileSync(join(directory, "jail.conf"), "utf8").matchAll(/^\[([^\]]+)\]$/gm)]
    .map(([, name = ""]) => name)
    .filter((name) => !["INCLUDES", "DEFAULT"].includes(name));
  writeFileSync(
    join(directory, "jail.local"),
    jails.map((name) => `[${name}]\nenabled = true\nlogpath = ${log}\n`).join(""),
  );
  return jails.length;
}

for (const [flag, pretty] of [
  ["-d", false],
  ["--dp", true],
] as const) {
  test(
    `${flag} of Debian's whole configuration with all 91 jails is the original's, but for the one value that HEAD has otherwise`,
    { skip: missing },
    () =>
      inDirectory(async (directory) => {
        assert.equal(enableAll(directory), 91);
        const theirs = theirDump(await oracle.client(["-c", directory, flag]));
        const ours = ourDump(directory, pretty);
        assert.equal(ours.ok, theirs.ok);
        const [our = [], their = []] = [ours.stream?.split("\n"), theirs.stream?.split("\n")];
        const differing = our.flatMap((line, at) => (line === their[at] ? [] : [[line, their[at] ?? ""] as const]));
        assert.equal(our.length, their.length);
        assert.equal(differing.length, 1, differing.map((pair) => pair.join("\n")).join("\n\n"));
        const [[mine, other] = ["", ""]] = differing;
        assert.equal(
          other.replace(
            "['blocktype?family=inet6', 'REJECT --reject-with icmp6-port-unreachable']",
            "['blocktype?family=inet6', 'RETURN']",
          ),
          mine,
        );
        if (!pretty) assert.match(mine, /^\['multi-set', 'pass2allow-ftp'/);
      }),
  );
}

test("Debian's configuration as it is installed gives the original's stream", { skip: missing }, () =>
  inDirectory(async (directory) => {
    cpSync(join(tree, "etc/fail2ban"), directory, { recursive: true });
    assert.deepEqual(ourDump(directory), theirDump(await oracle.client(["-c", directory, "-d"])));
  }),
);
