/**
 * Program: knocks at a port every 10 ms for a while, and prints how often it was let in and how often not, as `<in> <out>`.
 *
 *     node package-knock.ts <from> <to> <port> <seconds>
 *
 * One knock does not wait for the other: the kernel answers only some of those that it rejects. None waits long enough to be sent
 * again, so that each tells of one moment.
 */
import { connect } from "node:net";

const [from = "", to = "", port = "", seconds = ""] = process.argv.slice(2);
const end = performance.now() + Number(seconds) * 1000;
let [entered, refused] = [0, 0];

function knock(): void {
  const socket = connect({ host: to, port: Number(port), localAddress: from });
  let open: boolean | null = null;
  const done = (is: boolean): void => {
    if (open !== null) return;
    open = is;
    if (is) entered += 1;
    else refused += 1;
    socket.destroy();
  };
  setTimeout(() => done(false), 900);
  socket.once("connect", () => done(true));
  socket.once("error", () => done(false));
}

const knocking = setInterval(() => {
  if (performance.now() < end) return knock();
  clearInterval(knocking);
}, 10);
process.once("exit", () => console.log(`${entered} ${refused}`));
