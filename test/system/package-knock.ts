/**
 * Program: knocks at a port without a pause for a while, and prints how often it was let in and how often turned away, as `<in> <out>`.
 *
 *     node package-knock.ts <from> <to> <port> <seconds>
 */
import { connect } from "node:net";

const [from = "", to = "", port = "", seconds = ""] = process.argv.slice(2);
const end = performance.now() + Number(seconds) * 1000;
let [entered, refused] = [0, 0];

function knock(): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ host: to, port: Number(port), localAddress: from, timeout: 1000 });
    const done = (open: boolean): void => {
      socket.destroy();
      resolve(open);
    };
    socket.once("connect", () => done(true));
    socket.once("timeout", () => done(false));
    socket.once("error", () => done(false));
  });
}

while (performance.now() < end) {
  if (await knock()) entered += 1;
  else refused += 1;
}
console.log(`${entered} ${refused}`);
