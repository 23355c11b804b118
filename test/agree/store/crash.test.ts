/** The database of a writer that is killed at random moments: it opens, and holds whatever was acknowledged. */
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import { VirtualClock } from "../../../src/base/index.ts";
import { openStore } from "../../../src/io/store/index.ts";

const writer = fileURLToPath(new URL("writer.fixture.ts", import.meta.url));

/** Lets the writer run until it has acknowledged something and a random moment more; then kills it. @returns the last acknowledged number */
async function killed(path: string, from: number): Promise<number> {
  const child = spawn(process.execPath, ["--disable-warning=ExperimentalWarning", writer, path, String(from)], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  let printed = "";
  child.stdout.setEncoding("latin1");
  child.stdout.on("data", (text: string) => (printed += text));
  await once(child.stdout, "data");
  setTimeout(() => child.kill("SIGKILL"), Math.random() * 150);
  await once(child, "close");
  const whole = printed.slice(0, printed.lastIndexOf("\n")).split("\n");
  return Number(whole.at(-1));
}

test(
  "after kill -9 at random moments nothing acknowledged is missing and the file is whole",
  { timeout: 60_000 },
  async (t) => {
    const folder = mkdtempSync(join(tmpdir(), "crash-"));
    t.after(() => rmSync(folder, { recursive: true, force: true }));
    const path = join(folder, "f.sqlite3");
    let last = -1;
    for (let round = 0; round < 5; round += 1) {
      last = await killed(path, last + 1);
      const opened = openStore(path, { clock: new VirtualClock(Date.now() / 1000), say: () => {} });
      assert.ok(opened.ok && opened.store);
      assert.ok(opened.store.history("sshd", `10.${(last >> 16) & 255}.${(last >> 8) & 255}.${last & 255}`));
      opened.store.close();
      const db = new DatabaseSync(path);
      assert.deepEqual(Object.values(db.prepare("PRAGMA integrity_check").get() ?? {}), ["ok"]);
      const [bips = 0, bans = 0] = ["bips", "bans"].map((table) =>
        Number(db.prepare(`SELECT count(DISTINCT ip) AS n FROM ${table}`).get()?.["n"]),
      );
      db.close();
      assert.equal(bips, bans, "both tables tell the same");
      assert.ok(bips > last, `${bips} of ${last + 1}`);
    }
    assert.deepEqual(
      readdirSync(folder).filter((name) => !/^f\.sqlite3(-journal)?$/.test(name)),
      [],
      "nothing had to be repaired",
    );
  },
);
