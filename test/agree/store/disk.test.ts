/** A disk that is full (a limit on the file's size stands for it) and has room again later. */
import assert from "node:assert/strict";
import { spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import { without } from "../../skips.ts";

interface State {
  readonly made: number;
  readonly waiting: number;
  readonly answered?: boolean;
  readonly levels: readonly string[];
}

const fixture = fileURLToPath(new URL("disk.fixture.ts", import.meta.url));

test(
  "while the disk is full bans wait and are answered; when there is room they are written, and both is said once",
  { skip: without("unshare"), timeout: 30_000 },
  async (t) => {
    const folder = mkdtempSync(join(tmpdir(), "disk-"));
    t.after(() => rmSync(folder, { recursive: true, force: true }));
    const path = join(folder, "f.sqlite3");
    const limited = [
      "--fsize=204800:unlimited",
      process.execPath,
      "--disable-warning=ExperimentalWarning",
      fixture,
      path,
    ];
    const child = spawn("prlimit", limited, { stdio: ["pipe", "pipe", "inherit"] });
    t.after(() => child.kill("SIGKILL"));
    child.stdout.setEncoding("latin1");
    const [full] = (await once(child.stdout, "data")) as [string];
    const before = JSON.parse(full) as State;
    assert.ok(before.waiting >= 50 && before.waiting < before.made, full);
    assert.equal(before.answered, true);
    assert.deepEqual(before.levels, ["ERROR"]);
    assert.equal(spawnSync("prlimit", ["--pid", String(child.pid), "--fsize=unlimited:unlimited"]).status, 0);
    child.stdin.end("\n");
    const [room] = (await once(child.stdout, "data")) as [string];
    const after = JSON.parse(room) as State;
    assert.equal(after.waiting, 0);
    assert.deepEqual(after.levels, ["ERROR", "NOTICE"]);
    const db = new DatabaseSync(path);
    assert.equal(db.prepare("SELECT count(*) AS n FROM bips").get()?.["n"], after.made);
    assert.deepEqual(Object.values(db.prepare("PRAGMA integrity_check").get() ?? {}), ["ok"]);
    db.close();
  },
);
