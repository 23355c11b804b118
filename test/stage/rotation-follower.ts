/**
 * The server's part of the rotation torture: follows one log and records what it was given, to be killed at any moment.
 *
 *   node rotation-follower.ts <path> <record> <mode>
 *
 * Every delivery is one write to the record: the lines and the bookmark after them, together as in one transaction of the database.
 * It begins where the record's last bookmark says. Told to `pause` it reads nothing until it is told to `resume`; meanwhile what was
 * deleted has been so for a minute at each look.
 */
import { createInterface } from "node:readline";
import { existsSync, openSync, readFileSync, truncateSync, writeSync } from "node:fs";
import { encodingOf, splitChunk, type Bookmark } from "../../src/core/line/index.ts";
import { Follower, type Following, type Mode } from "../../src/io/source/index.ts";

const [path = "", record = "", mode = "auto"] = process.argv.slice(2);
const encoding = encodingOf("utf-8", "utf-8");
if (encoding === null) throw new Error("no such encoding");
const out = openSync(record, "a");

function lastMark(): Bookmark | null {
  const bytes = existsSync(record) ? readFileSync(record) : Buffer.alloc(0);
  // A record that was cut by the end of the one before never was.
  const whole = bytes.subarray(0, bytes.lastIndexOf("\n") + 1);
  if (whole.length < bytes.length) truncateSync(record, whole.length);
  const last = whole.toString().trimEnd().split("\n").at(-1);
  return last === undefined || last === "" ? null : (JSON.parse(last) as { mark: Bookmark }).mark;
}

const mark = lastMark();
let ahead = 0;
const now = (): number => Date.now() / 1000 + ahead;
const follower = new Follower({ now, say: () => {}, pollEvery: 0.1, refereeEvery: 1 });
const held: { following?: Following } = {};
held.following = follower.follow({
  path,
  tail: false,
  mark,
  since: null,
  mode: mode as Mode,
  lineEnd: "\n",
  dateOf: () => null,
  deliver: (chunk) => {
    const texts = splitChunk(chunk.bytes, encoding).texts.map((text) =>
      text.trimEnd().split(" ").slice(0, 2).join(" "),
    );
    writeSync(out, `${JSON.stringify({ texts, mark: held.following?.mark() ?? mark })}\n`);
  },
  say: (said) => process.stderr.write(`${said.level} ${said.text}\n`),
});
// As the daemon does: from the moment that it follows a log it has a bookmark of it.
writeSync(out, `${JSON.stringify({ texts: [], mark: held.following.mark() })}\n`);
process.stdout.write("ready\n");

/** Only while it pauses: who reads gives up a rotated file after a minute without a line. */
let aging: NodeJS.Timeout | null = null;
const words: Readonly<Record<string, () => void>> = {
  pause() {
    held.following?.pause();
    aging ??= setInterval(() => (ahead += 61), 50);
  },
  resume() {
    if (aging !== null) clearInterval(aging);
    aging = null;
    held.following?.resume();
  },
};
createInterface({ input: process.stdin })
  .on("line", (word) => {
    words[word]?.();
    process.stdout.write(`${word}\n`);
  })
  .on("close", () => process.exit());
