import assert from "node:assert/strict";
import { chmodSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, describe, test } from "node:test";
import { folder, regex, write } from "./regex.fixture.ts";

const path = process.env["PATH"];

/** Entries that a journalctl of ours prints, whatever it is asked. */
function entry(second: number, message: string): string {
  return JSON.stringify({
    __CURSOR: `s=1;i=${second}`,
    __REALTIME_TIMESTAMP: String(1_795_337_790_000_000 + second * 1e6),
    _HOSTNAME: "web",
    SYSLOG_IDENTIFIER: "sshd",
    _PID: "7",
    _SYSTEMD_UNIT: "ssh.service",
    MESSAGE: message,
  });
}

beforeEach(() => {
  write(
    "entries",
    `${[entry(0, "Failed from 192.0.2.1"), entry(1, "nothing"), entry(2, "Failed from 192.0.2.2")].join("\n")}\n`,
  );
  const program = write("journalctl", `#!/bin/sh\nprintf '%s\\n' "$@" > ${folder}/asked\ncat ${folder}/entries\n`);
  chmodSync(program, 0o755);
  process.env["PATH"] = `${folder}:${path ?? ""}`;
});
afterEach(() => {
  process.env["PATH"] = path;
});

describe("a journal", () => {
  test("is read once to its end, with its entries' own times", async () => {
    const { out, code } = await regex(["-o", "row", "systemd-journal", "Failed from <ADDR>$"]);
    assert.equal(
      out,
      "['192.0.2.1',\t1795337790.0,\t{'ip4': '192.0.2.1', 'ip6': None}],\n['192.0.2.2',\t1795337792.0,\t{'ip4': '192.0.2.2', 'ip6': None}],\n",
    );
    assert.equal(code, 0);
  });

  test("is asked for what -m or the filter says, and named in the report's head", async () => {
    const { out } = await regex([
      "-m",
      "_SYSTEMD_UNIT=ssh.service + _COMM=sshd",
      "systemd-journal[journalflags=1]",
      "Failed from <ADDR>$",
    ]);
    assert.match(out, /^Use {9}systemd journal$/m);
    assert.match(out, /^Use {4}journal match : _SYSTEMD_UNIT=ssh\.service \+ _COMM=sshd$/m);
    assert.match(out, /^Lines: 3 lines, 0 ignored, 2 matched, 1 missed$/m);
    assert.match(out, /^\| {2}2026-11-22T\d\d:56:31 web sshd\[7\]: nothing$/m);
    const asked = readFileSync(join(folder, "asked"), "utf8").split("\n");
    assert.deepEqual(asked.slice(asked.indexOf("--") + 1, -1), ["_SYSTEMD_UNIT=ssh.service", "+", "_COMM=sshd"]);
    assert.ok(!asked.includes("--follow"));
  });

  test("that cannot be read ends the run with the reason", async () => {
    chmodSync(write("journalctl", "#!/bin/sh\necho 'no journal' >&2\nexit 3\n"), 0o755);
    const { out, code } = await regex(["systemd-journal", "Failed from <ADDR>$"]);
    assert.match(out, /^ERROR: journalctl: exit 3: no journal$/m);
    assert.equal(code, 255);
    assert.match(
      (await regex(["systemd-journal[foo=1]", "Failed from <ADDR>$"])).out,
      /^ERROR: unexpected option 'foo'/m,
    );
    assert.match(
      (await regex(["-m", "foo=1", "systemd-journal", "<ADDR>"])).out,
      /^ERROR: Invalid journal match: foo=1/m,
    );
  });
});
