/** What a process of its own shows of `processIo`. */
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { test } from "node:test";
import { fileURLToPath } from "node:url";

const main = fileURLToPath(new URL("main.ts", import.meta.url));
const config = fileURLToPath(new URL("../../config", import.meta.url));

test("commands piped into the prompt are all carried out, and their end is told", () => {
  const words = [main, "client", "-i", "-c", config, "-s", "/nonexistent/socket", "-p", "/nonexistent/pid"];
  const { status, stdout, stderr } = spawnSync(process.execPath, words, { input: "ping\nstatus\n", encoding: "utf8" });
  assert.equal(status, 255);
  assert.equal(stdout.match(/fail2ban> /g)?.length, 3);
  const said = stderr.match(/ERROR .*/g) ?? [];
  assert.deepEqual(
    said.map((line) => /socket path|EOF/.exec(line)?.[0]),
    ["socket path", "socket path", "EOF"],
    stderr,
  );
});
