/** A process that fills its database until the disk refuses, and goes on when its standard input says that there is room again. */
import { readSync, writeSync } from "node:fs";
import { VirtualClock, whoOf } from "../../../src/base/index.ts";
import { openStore } from "../../../src/io/store/index.ts";

const clock = new VirtualClock(1_795_000_000);
const levels: string[] = [];
const opened = openStore(process.argv[2] ?? "", { clock, say: (said) => levels.push(said.level) });
if (!opened.ok || opened.store === null) throw new Error("the database does not open");
const store = opened.store;

let made = 0;
function ban(): void {
  made += 1;
  store.remember(
    {
      jail: "sshd",
      who: whoOf(`10.0.${made >> 8}.${made & 255}`),
      since: clock.now(),
      lasts: 600,
      count: 1,
      failures: 3,
      matches: ["x".repeat(200)],
      fields: {},
      restored: false,
    },
    10,
  );
}

levels.length = 0;
do ban();
while (made < 5000 && (made % 100 > 0 || store.flush()));
for (let i = 0; i < 50; i += 1) ban();
clock.advance(clock.now() + 300);
const answered =
  store.history("sshd", "10.0.0.1") !== null && store.history("sshd", `10.0.${made >> 8}.${made & 255}`) !== null;
writeSync(1, `${JSON.stringify({ made, waiting: store.waiting, answered, levels })}\n`);
readSync(0, Buffer.alloc(1));
clock.advance(clock.now() + 60);
store.close();
writeSync(1, `${JSON.stringify({ made, waiting: store.waiting, levels })}\n`);
