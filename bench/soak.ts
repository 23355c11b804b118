/**
 * The complete server with real nftables under everything at once: logs at full speed and rotated, commands, reloads, a flushed firewall,
 * `kill -9`. At the end memory must be flat, no descriptor lost, the database whole, and kernel, database and memory of one mind.
 *
 *     sh scripts/with-node.sh bench/soak.ts [--seconds 300] [--seed <number>] [--keep]
 *
 * Prints its seed, with --keep also the folder, which then stays; ends with 1 when something is not as it must be. In namespaces of its
 * own; needs root, unshare and nft. `npm test` runs a short one (test/stage/soak.test.ts).
 */
import { mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { furnish, isAlone, runAlone } from "../test/stage/alone.ts";
import { randomFrom } from "../test/stage/rotation-random.ts";
import { clear, furnishSoak, Soak } from "../test/stage/soak/soak.ts";

async function main(): Promise<number> {
  const { values } = parseArgs({
    options: {
      seconds: { type: "string", default: "300" },
      keep: { type: "boolean", default: false },
      seed: { type: "string", default: String(Math.floor(Math.random() * 1e9)) },
    },
  });
  console.log(`seed ${values.seed}`);
  furnish();
  const folder = mkdtempSync(join(tmpdir(), "fail2ban-ts-soak-"));
  try {
    furnishSoak(folder);
    const soaked = await new Soak(folder, randomFrom(Number(values.seed))).run(Number(values.seconds));
    const memory = soaked.memory.map((megabytes) => megabytes.toFixed(0)).join(", ");
    console.log(
      `${values.seconds} s: ${soaked.lines} lines, ${soaked.rotations} rotations, ${soaked.commands} commands, ${soaked.reloads} reloads, ${soaked.kills} kills, ${soaked.flushes} flushes of the firewall; ${soaked.bans} bans at the end`,
    );
    console.log(
      `least memory of each quarter of the last life, and most of all: ${memory} MB; descriptors ${soaked.descriptors.join(" → ")}; all agree`,
    );
    return 0;
  } catch (cause) {
    console.log(`seed ${values.seed}: ${cause instanceof Error ? cause.message : String(cause)}`);
    return 1;
  } finally {
    if (values.keep) console.log(folder);
    else clear(folder);
  }
}

// Ends what a failure has left running, too: the server is its child, and nothing outlives the namespaces.
process.exit(
  isAlone() ? await main() : (await runAlone(import.meta.filename, process.argv.slice(2), "inherit")).status,
);
