/** Files are UTF-8 whatever the locale is: what a French administrator wrote is told as he wrote it. */
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { test } from "node:test";
import { aConfiguration } from "./program.ts";

const CLIENT = join(import.meta.dirname, "../../bin/fail2ban-client");

for (const environment of [{ LANG: "C" }, { LC_ALL: "C" }, { LC_ALL: "POSIX" }, { LC_ALL: "fr_FR.UTF-8" }])
  test(`French comments are read and told with ${Object.entries(environment).join()}`, (t) => {
    const folder = aConfiguration(t, {
      "jail.local":
        "# Paramètres de récidive\n[good]\nbantime.findtime = 1w # La période comptée pour l’incrémentation\n",
    });
    const run = (...words: string[]) =>
      spawnSync(CLIENT, ["-c", folder, ...words], {
        encoding: "utf8",
        env: { PATH: process.env["PATH"], ...environment },
      });
    const tested = run("-t");
    assert.equal(tested.stdout, "OK: configuration test is successful\n");
    assert.match(tested.stderr, /jail\.local:3: .*the comment "# La période comptée pour l’incrémentation" is part of/);
    const dumped = run("-d");
    assert.deepEqual([dumped.status, dumped.stderr], [0, ""]);
  });
