/** A short bench/soak.ts: everything at once, on the real kernel. FAIL2BAN_SEED=n repeats a run. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import { without } from "../skips.ts";
import { runAlone } from "./alone.ts";

const SEED = process.env["FAIL2BAN_SEED"] ?? String(Math.floor(Math.random() * 2 ** 31));
const script = fileURLToPath(new URL("../../bench/soak.ts", import.meta.url));

test(
  `logs at full speed, commands, reloads and kills leave a server that agrees with kernel and database (seed ${SEED})`,
  { skip: without("root", "namespaces", "ip", "nft") },
  async () => {
    const { status, printed } = await runAlone(script, ["--seconds", "10", "--seed", SEED], "collect");
    assert.equal(status, 0, printed);
    assert.match(printed, /all agree/);
  },
);
