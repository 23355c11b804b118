/**
 * `kill -9` at random moments while the server bans: is anything lost, does anything stay for ever, do memory, database and kernel agree
 * after the next start?
 *
 *     sh scripts/with-node.sh bench/crash.ts [--rounds 100] [--bans 1000] [--seed <number>]
 *
 * A real server with its real nftables in namespaces of their own. Prints its seed; ends with 1 when a round failed. Needs root, unshare
 * and nft. `npm test` runs a few rounds of it (test/stage/crash.test.ts).
 */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { furnish, isAlone, runAlone } from "../test/stage/alone.ts";
import { furnishCrash, Rounds } from "../test/stage/crash/rounds.ts";
import { randomFrom } from "../test/stage/rotation-random.ts";

async function main(): Promise<number> {
  const { values } = parseArgs({
    options: {
      rounds: { type: "string", default: "100" },
      bans: { type: "string", default: "1000" },
      seed: { type: "string", default: String(Math.floor(Math.random() * 1e9)) },
    },
  });
  const began = performance.now();
  console.log(`seed ${values.seed}`);
  furnish();
  const folder = mkdtempSync(join(tmpdir(), "fail2ban-ts-crash-"));
  let round = 0;
  try {
    furnishCrash(folder);
    const rounds = new Rounds(folder, randomFrom(Number(values.seed)));
    for (; round < Number(values.rounds); round += 1) await rounds.round(Number(values.bans));
    await rounds.finish();
    const seconds = ((performance.now() - began) / 1000).toFixed(0);
    console.log(
      `${round} rounds in ${seconds} s: ${rounds.acknowledged} bans acknowledged, ${rounds.written} by lines, ${rounds.lifted} lifted; nothing lost, nothing back, nothing for ever; memory, database and kernel agreed after each`,
    );
    return 0;
  } catch (cause) {
    console.log(`round ${round} of seed ${values.seed}: ${cause instanceof Error ? cause.message : String(cause)}`);
    return 1;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

// Ends what a failure has left running, too: the server is its child, and nothing outlives the namespaces.
process.exit(
  isAlone() ? await main() : (await runAlone(import.meta.filename, process.argv.slice(2), "inherit")).status,
);
