/** A few rounds of bench/crash.ts: kill -9 while the server bans, on the real kernel. FAIL2BAN_SEED=n repeats a run. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import { without } from "../skips.ts";
import { runAlone } from "./alone.ts";

const SEED = process.env["FAIL2BAN_SEED"] ?? String(Math.floor(Math.random() * 2 ** 31));
const script = fileURLToPath(new URL("../../bench/crash.ts", import.meta.url));

test(
  `a server killed while it bans loses nothing and leaves nothing for ever (seed ${SEED})`,
  { skip: without("root", "namespaces", "ip", "nft") },
  async () => {
    const { status, printed } = await runAlone(script, ["--rounds", "5", "--bans", "300", "--seed", SEED], "collect");
    assert.equal(status, 0, printed);
    assert.match(printed, /^5 rounds/m);
  },
);
