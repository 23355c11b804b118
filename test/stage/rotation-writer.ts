/**
 * A log's writer for the rotation torture: appends numbered lines to a file that it keeps open, as daemons do.
 *
 *   node rotation-writer.ts <name> <path> <seed>
 *
 * Told by lines on its input: `go`, `hold`, `reopen`, `end`; answers each with `done <lines written>`. Writes bursts, and now and then
 * a line in two halves. Ends with its input.
 */
import { closeSync, openSync, writeSync } from "node:fs";
import { createInterface } from "node:readline";
import { randomFrom } from "./rotation-random.ts";

const [name = "w", path = "", seed = "1"] = process.argv.slice(2);
const random = randomFrom(Number(seed));
let fd = openSync(path, "a", 0o600);
let written = 0;
let isGoing = false;

const line = (): string => `${name} ${written++} ${"x".repeat(Math.floor(random() ** 8 * 3000))}\n`;

function burst(): void {
  if (!isGoing) return;
  let text = "";
  for (let i = Math.floor(random() * 20); i >= 0; i -= 1) text += line();
  const half = random() < 0.2 ? Math.floor(random() * text.length) : 0;
  // Several writers in one file: only what is written at once stays together, so halves are written to their end at once as well.
  if (half > 0 && name === "w0") {
    writeSync(fd, text);
    writeSync(fd, line());
  } else writeSync(fd, text);
  setTimeout(burst, random() * 8);
}

const told: Readonly<Record<string, () => void>> = {
  go: () => {
    if (isGoing) return;
    isGoing = true;
    burst();
  },
  hold: () => (isGoing = false),
  reopen: () => {
    closeSync(fd);
    fd = openSync(path, "a", 0o600);
  },
  end: () => {
    isGoing = false;
    process.stdin.destroy();
  },
};

createInterface({ input: process.stdin }).on("line", (word) => {
  told[word]?.();
  process.stdout.write(`done ${written}\n`);
});
process.stdin.on("end", () => process.exit());
