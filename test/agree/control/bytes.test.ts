/** Replies of our server, byte for byte those of the original: what other programs than the client see (config-cli.md §5.3, §5.4). */
import assert from "node:assert/strict";
import { connect } from "node:net";
import { join } from "node:path";
import { describe, test } from "node:test";
import { END, FrameCutter } from "../../../src/api/control/socket/frames.ts";
import { writePickle } from "../../../src/api/control/pickle/index.ts";
import { missing, openStand, type Side } from "./stand.ts";

const pickled = (line: string): Buffer => writePickle(line.split(" "));

/** In their order, against one server. */
const REQUESTS: readonly (readonly [what: string, request: Buffer])[] = [
  ...[
    "ping",
    "status",
    "status sshd",
    "status nope",
    "foo",
    "set sshd",
    "get sshd logpath",
    "get bare logpath",
    "get sshd findtime",
    "set sshd findtime 1mo",
    "set sshd bantime 1w",
  ].map(line),
  ...[
    "set sshd banip 192.0.2.1 2001:db8::5 foo.bar",
    "status sshd",
    "get sshd banned",
    "get sshd banip",
    "get sshd banned 192.0.2.1",
    "banned 192.0.2.1 9.9.9.9",
    "get web ignoreip",
    "get sshd ignoreip",
  ].map(line),
  ...[
    "get sshd datepattern",
    "get sshd logtimezone",
    "get sshd ignoreself",
    "get sshd maxretry",
    "get sshd usedns",
    "get sshd journalmatch",
    "get sshd actions",
    "get sshd ignoreregex",
  ].map(line),
  ...[
    "get dbpurgeage",
    "get dbmaxmatches",
    "get loglevel",
    "get thread",
    "echo a b",
    "unban 192.0.2.1",
    "set sshd unbanip --report-absent 9.9.9.9",
    "set sshd maxretry x",
    "get sshd action nope x",
    "set sshd addlogpath /nope",
  ].map(line),
  ["protocol 0", Buffer.from("(lp0\nVstatus\np1\naVsshd\np2\na.")],
  ["protocol 2", Buffer.from("\x80\x02]q\0X\x04\0\0\0pingq\x01a.", "latin1")],
  ["a tuple", Buffer.from("(Vping\nt.")],
  ["a bare text", writePickle("ping")],
  ["nothing in a list", writePickle([])],
  ["an empty dictionary", writePickle(new Map())],
  ["None", writePickle(null)],
  ["a number", writePickle(5)],
  ["garbage", Buffer.from("garbage")],
  ["no bytes", Buffer.alloc(0)],
  ["protocol 9", Buffer.from("\x80\x09].", "latin1")],
  ["no opcode", Buffer.from("\x80\x02\xff.", "latin1")],
  ["an empty stack", Buffer.from("\x80\x02.", "latin1")],
  ["a memo that is not there", Buffer.from("\x80\x02h\x05.", "latin1")],
  ["broken UTF-8", Buffer.from("\x80\x02X\x01\0\0\0\xff.", "latin1")],
];

function line(text: string): readonly [string, Buffer] {
  return [text, pickled(text)];
}

async function replies(side: Side): Promise<readonly string[]> {
  const stand = await openStand("ours", side);
  const socket = connect(join(stand.folder, "s.sock"));
  try {
    const cutter = new FrameCutter(1 << 20);
    const found: string[] = [];
    const all = new Promise<void>((resolve, reject) => {
      socket.on("data", (bytes: Buffer) => {
        cutter.push(bytes);
        for (let next = cutter.next(); next !== null; next = cutter.next())
          found.push(next.toString("latin1").replaceAll(stand.folder, "@"));
        if (found.length === REQUESTS.length) resolve();
      });
      socket.on("close", () => reject(new Error(`${side}: closed after ${found.length} replies`)));
    });
    socket.write(Buffer.concat(REQUESTS.flatMap(([, request]) => [request, END])));
    await all;
    return found;
  } finally {
    socket.destroy();
    await stand.end();
  }
}

describe("replies are the original's, byte for byte", { skip: missing() }, () => {
  const both = missing() === false ? Promise.all([replies("theirs"), replies("ours")]) : Promise.resolve([[], []]);
  both.catch(() => {}); // said by the tests that wait for it
  for (const [at, [what]] of REQUESTS.entries())
    test(`${at}: ${what}`, async () => {
      const [theirs = [], ours = []] = await both;
      assert.ok(theirs[at] !== undefined);
      assert.equal(ours[at], theirs[at]);
    });
});
