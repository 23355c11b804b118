/** A process that remembers bans until it is killed: prints the number of each that the store has acknowledged. */
import { writeSync } from "node:fs";
import { whoOf, type Clock } from "../../../src/base/index.ts";
import { openStore } from "../../../src/io/store/index.ts";

const [path = "", from = "0"] = process.argv.slice(2);
const clock: Clock = { now: () => Date.now() / 1000, at: () => () => {} };
const opened = openStore(path, { clock, say: () => {} });
if (!opened.ok || opened.store === null) throw new Error("the database does not open");
for (let i = Number(from); ; i += 1) {
  const who = whoOf(`10.${(i >> 16) & 255}.${(i >> 8) & 255}.${i & 255}`);
  opened.store.remember(
    {
      jail: "sshd",
      who,
      since: Math.floor(Date.now() / 1000),
      lasts: 86_400,
      count: 1,
      failures: 3,
      matches: ["line ".repeat(20)],
      fields: {},
      restored: false,
    },
    10,
  );
  if (i % 7 === 6 && opened.store.flush()) writeSync(1, `${i}\n`);
}
