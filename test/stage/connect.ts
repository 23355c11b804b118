/**
 * Program: opens one TCP connection and prints how that ended: `open`, `refused`, `timeout`, or an error's code.
 *
 *     node connect.ts <from> <to> <port>
 *
 * 3 s: an IPv6 connection learns of a reject only when its first packet is sent again, after one second.
 */
import { connect } from "node:net";

const [from = "", to = "", port = ""] = process.argv.slice(2);
const socket = connect({ host: to, port: Number(port), localAddress: from, timeout: 3000 });
const finish = (word: string): void => {
  console.log(word);
  socket.destroy();
};
socket.once("connect", () => finish("open"));
socket.once("timeout", () => finish("timeout"));
socket.once("error", (error: NodeJS.ErrnoException) =>
  finish(error.code === "ECONNREFUSED" ? "refused" : (error.code ?? error.message)),
);
