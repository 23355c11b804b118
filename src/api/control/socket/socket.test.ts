import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { existsSync, mkdtempSync, rmSync, statSync, writeFileSync } from "node:fs";
import { connect, createServer, type Socket } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, describe, test } from "node:test";
import * as fc from "fast-check";
import { Refusal, type Plain, type Said } from "../../../base/index.ts";
import { fakeDesk } from "../desk.fake.ts";
import { readReply, Row, writePickle, type Answer } from "../pickle/index.ts";
import { respond } from "../respond.ts";
import { CLOSE, END, FrameCutter, FrameTooLong } from "./frames.ts";
import { SOCKET_LIMITS, type SocketLimits } from "./limits.ts";
import { openLink } from "./link.ts";
import { groupNumber, takeInheritedSocket } from "./place.ts";
import { serveControl, type ControlOptions } from "./serve.ts";

const folder = mkdtempSync(join(tmpdir(), "f2b-socket-"));
process.on("exit", () => rmSync(folder, { recursive: true, force: true }));

const open: (() => Promise<void> | void)[] = [];
afterEach(async () => {
  for (const close of open.splice(0)) await close();
});

/** Opens the socket as systemd does: listens, then becomes the server, with the socket as descriptor 3. */
const MANAGER = `
import os, socket, sys
listener = socket.socket(socket.AF_UNIX)
listener.bind(sys.argv[1] + ".new")
listener.listen()
os.rename(sys.argv[1] + ".new", sys.argv[1])
os.dup2(listener.fileno(), 3)
os.set_inheritable(3, True)
program = """
const { serveControl, takeInheritedSocket, Row } = await import(process.argv[1]);
const server = await serveControl({ at: { fd: takeInheritedSocket(process.env, process.pid) }, answer: () => new Row(0, "pong"), say: () => {} });
process.stdin.on("end", () => server.close(10)).resume();
"""
os.environ.update(LISTEN_FDS="1", LISTEN_PID=str(os.getpid()))
os.execv(sys.argv[2], [sys.argv[2], "--input-type=module", "-e", program, sys.argv[3]])
`;

let count = 0;

interface Stand {
  readonly path: string;
  readonly said: Said[];
  readonly refuse: () => void;
  readonly close: (grace?: number) => Promise<void>;
}

async function serve(
  answer: ControlOptions["answer"],
  options: Partial<ControlOptions> & { limits?: SocketLimits } = {},
): Promise<Stand> {
  const path = join(folder, `${(count += 1)}.sock`);
  const said: Said[] = [];
  const server = await serveControl({ at: { path }, answer, say: (line) => said.push(line), ...options });
  open.push(() => server.close(50));
  return { path, said, refuse: () => server.refuse(), close: (grace) => server.close(grace) };
}

const echo = (request: Plain): Answer => new Row(0, request);
const frame = (...words: readonly Plain[]): Buffer => Buffer.concat([writePickle(words), END]);

/** A client that writes bytes as they are given and collects whole replies. */
function raw(path: string): {
  readonly socket: Socket;
  readonly replies: Plain[];
  reply: (number: number) => Promise<Plain>;
  readonly ended: Promise<void>;
} {
  const socket = connect(path);
  const cutter = new FrameCutter(1 << 28);
  const replies: Plain[] = [];
  let wake = (): void => {};
  socket.on("data", (chunk: Buffer) => {
    cutter.push(chunk);
    for (let next = cutter.next(); next !== null; next = cutter.next()) {
      const reply = readReply(next);
      replies.push(reply.is === "error" ? reply.error.name : reply.value);
    }
    wake();
  });
  socket.on("error", () => {});
  const ended = new Promise<void>((resolve) => socket.on("close", () => resolve()));
  open.push(() => void socket.destroy());
  const reply = async (number: number): Promise<Plain> => {
    while (replies.length < number) await new Promise<void>((resolve) => (wake = resolve));
    return replies[number - 1] ?? null;
  };
  return { socket, replies, reply, ended };
}

function signal(): { readonly give: () => void; readonly given: Promise<void> } {
  let give = (): void => {};
  const given = new Promise<void>((resolve) => (give = resolve));
  return { give: () => give(), given };
}

describe("frames", () => {
  test("are cut alike however the bytes are packed", () => {
    const payload = fc
      .array(fc.constantFrom("<F2B_END_COMMAND", ">", "<", "abc", "<F2B_END_COMMAND>".slice(0, 9), "\0"))
      .map((parts) => parts.join(""));
    const cuts = fc.array(fc.integer({ min: 1, max: 40 }), { minLength: 1 });
    fc.assert(
      fc.property(fc.array(payload, { maxLength: 6 }), cuts, (payloads, sizes) => {
        const text = payloads.map((part) => part + END.toString()).join("");
        const cutter = new FrameCutter(1 << 20);
        const found: string[] = [];
        for (let at = 0, i = 0; at < text.length; i += 1) {
          const size = sizes[i % sizes.length] ?? 1;
          cutter.push(Buffer.from(text.slice(at, at + size)));
          for (let next = cutter.next(); next !== null; next = cutter.next()) found.push(next.toString());
          at += size;
        }
        assert.deepEqual(found, text.split(END.toString()).slice(0, -1));
      }),
      { numRuns: 500, seed: 1 },
    );
  });

  test("that are too long are refused, with and without an end", () => {
    const open = new FrameCutter(10);
    open.push(Buffer.alloc(10 + END.length));
    assert.equal(open.next(), null);
    open.push(Buffer.alloc(1));
    assert.throws(() => open.next(), FrameTooLong);
    const ended = new FrameCutter(10);
    ended.push(Buffer.concat([Buffer.alloc(11), END]));
    assert.throws(() => ended.next(), FrameTooLong);
  });
});

describe("a client", () => {
  test("is answered, may ask again, and says good-bye", async () => {
    const { path } = await serve(echo);
    const link = await openLink(path);
    assert.deepEqual(await link.ask(["a"]), { is: "value", value: ["a"] });
    assert.deepEqual(await link.ask(["b", "x".repeat(100_000)]), { is: "value", value: ["b", "x".repeat(100_000)] });
    await link.close();
  });

  test("may send many requests at once, and has the answers in their order", async () => {
    const { path } = await serve(async (request) => {
      await new Promise((resolve) => setTimeout(resolve, Array.isArray(request) && request[0] === 0 ? 20 : 0));
      return new Row(0, request);
    });
    const client = raw(path);
    client.socket.write(Buffer.concat(Array.from({ length: 200 }, (_, i) => frame(i))));
    await client.reply(200);
    assert.deepEqual(
      client.replies,
      Array.from({ length: 200 }, (_, i) => [i]),
    );
  });

  test("may send its request byte by byte", async () => {
    const { path } = await serve(echo);
    const client = raw(path);
    client.socket.setNoDelay(true);
    for (const byte of frame("slow")) {
      client.socket.write(Buffer.of(byte));
      await new Promise(setImmediate);
    }
    assert.deepEqual(await client.reply(1), ["slow"]);
  });

  test("that is answered late does not keep others waiting", async () => {
    let finish = (): void => {};
    const slow = new Promise<void>((resolve) => (finish = resolve));
    const { path } = await serve(async (request) => {
      if (Array.isArray(request) && request[0] === "slow") await slow;
      return new Row(0, request);
    });
    const first = raw(path);
    first.socket.write(frame("slow"));
    const second = await openLink(path);
    assert.deepEqual(await second.ask(["quick"]), { is: "value", value: ["quick"] });
    assert.equal(first.replies.length, 0);
    finish();
    assert.deepEqual(await first.reply(1), ["slow"]);
    await second.close();
  });

  test("is answered although it has closed its side already", async () => {
    const { path } = await serve(echo);
    const client = raw(path);
    client.socket.end(frame("last words"));
    assert.deepEqual(await client.reply(1), ["last words"]);
    await client.ended;
  });

  test("that closes has its connection ended after the answers", async () => {
    const { path } = await serve(echo);
    const client = raw(path);
    client.socket.write(Buffer.concat([frame("a"), CLOSE, END, frame("never")]));
    await client.ended;
    assert.deepEqual(client.replies, [["a"]]);
  });

  for (const [what, bytes, error] of [
    ["garbage", "garbage", "ERROR: pickle data was truncated"],
    ["nothing", "", "ERROR: Ran out of input"],
    ["a pickle that would run a program", "cos\nsystem\n(S'true'\ntR.", "ERROR: global 'os.system' is forbidden"],
  ] as const)
    test(`that sends ${what} is told so, and may go on`, async () => {
      const { path, said } = await serve(echo);
      const client = raw(path);
      client.socket.write(Buffer.concat([Buffer.from(bytes), END, frame("still here")]));
      assert.equal(await client.reply(1), error);
      assert.deepEqual(await client.reply(2), ["still here"]);
      assert.deepEqual(said, [
        { level: "ERROR", logger: "asyncserver", text: `PROTO-error: load message failed: ${error.slice(7)}` },
      ]);
    });

  test("may have the end marker in its words", async () => {
    const { path } = await serve(echo);
    const link = await openLink(path);
    assert.deepEqual(await link.ask(["a<F2B_END_COMMAND>b"]), { is: "value", value: ["a<F2B_END_COMMAND>b"] });
    await link.close();
  });

  test("is told of a bug, and the server lives on", async () => {
    const { path } = await serve(() => {
      throw new Error("broken");
    });
    const client = raw(path);
    client.socket.write(Buffer.concat([frame("a"), frame("b")]));
    assert.equal(await client.reply(2), "ERROR: broken");
  });
});

describe("limits of the socket", () => {
  test("a request that is too long is answered with an error and ends its connection, not the others", async () => {
    const { path } = await serve(echo, { limits: { ...SOCKET_LIMITS, frame: 1000 } });
    const other = await openLink(path);
    const client = raw(path);
    client.socket.write(Buffer.alloc(5000, "x"));
    assert.equal(await client.reply(1), "ERROR: message is longer than 1000 bytes");
    await client.ended;
    assert.deepEqual(await other.ask(["fine"]), { is: "value", value: ["fine"] });
    await other.close();
  });

  test("one client more drops the one that was idle longest", async () => {
    const { path } = await serve(echo, { limits: { ...SOCKET_LIMITS, clients: 3 } });
    const clients = [raw(path), raw(path), raw(path)];
    for (const client of clients) {
      client.socket.write(frame("a"));
      await client.reply(1);
    }
    const [first, second] = clients;
    first?.socket.write(frame("b"));
    await first?.reply(2);
    const fourth = raw(path);
    fourth.socket.write(frame("c"));
    assert.deepEqual(await fourth.reply(1), ["c"]);
    await second?.ended;
  });

  test("with all clients busy, one more is turned away", async () => {
    let finish = (): void => {};
    const slow = new Promise<void>((resolve) => (finish = resolve));
    const asked = signal();
    const { path } = await serve(
      async (request) => {
        asked.give();
        await slow;
        return new Row(0, request);
      },
      { limits: { ...SOCKET_LIMITS, clients: 1 } },
    );
    const busy = raw(path);
    busy.socket.write(frame("busy"));
    await asked.given;
    const late = raw(path);
    await late.ended;
    finish();
    assert.deepEqual(await busy.reply(1), ["busy"]);
  });

  test("a client that stalls within a request is dropped; an idle one may stay", async () => {
    const { path } = await serve(echo, { limits: { ...SOCKET_LIMITS, stalled: 30 } });
    const idle = await openLink(path);
    const stalling = raw(path);
    stalling.socket.write("half a requ");
    await stalling.ended;
    assert.deepEqual(await idle.ask(["still"]), { is: "value", value: ["still"] });
    await idle.close();
  });

  test("a client that reads no answers is not read from, and dropped in time", async () => {
    const made: number[] = [];
    const big = "x".repeat(100_000);
    const { path } = await serve(
      () => {
        made.push(1);
        return new Row(0, big);
      },
      { limits: { ...SOCKET_LIMITS, unread: 100_000, stalled: 50 } },
    );
    const client = connect(path);
    open.push(() => void client.destroy());
    client.on("error", () => {});
    const ended = new Promise<void>((resolve) => client.on("close", () => resolve()));
    client.pause();
    client.write(Buffer.concat(Array.from({ length: 1000 }, () => frame("more"))));
    const until = performance.now() + 5000;
    for (let before = -1; before !== made.length || before === 0;) {
      before = made.length;
      assert.ok(performance.now() < until);
      await new Promise((resolve) => setTimeout(resolve, 80));
    }
    assert.ok(made.length < 100, `${made.length} answers were made for one who reads none`);
    client.resume();
    await ended;
  });
});

describe("the socket's place", () => {
  test("is for its owner only", async () => {
    const before = process.umask(0);
    const { path } = await serve(echo);
    process.umask(before);
    assert.equal(statSync(path).mode & 0o777, 0o700);
  });

  test("may be for a group, too", { skip: process.geteuid?.() === 0 ? false : "needs root" }, async () => {
    const { path } = await serve(echo, { mode: 0o660, group: 1234 });
    const { mode, gid, uid } = statSync(path);
    assert.deepEqual([mode & 0o777, gid, uid], [0o660, 1234, 0]);
  });

  test("is gone after the end", async () => {
    const { path, close } = await serve(echo);
    await close();
    assert.equal(existsSync(path), false);
  });

  test("that is taken is refused; by force it is taken over", async () => {
    const path = join(folder, "taken.sock");
    writeFileSync(path, "");
    const said: Said[] = [];
    const options = { at: { path }, answer: echo, say: (line: Said) => said.push(line) };
    await assert.rejects(serveControl(options), new Refusal("Exception", "Server already running"));
    const server = await serveControl({ ...options, force: true });
    await server.close();
    assert.deepEqual(
      said.map(({ level, text }) => `${level} ${text}`),
      [
        "ERROR Fail2ban seems to be already running",
        "ERROR Fail2ban seems to be already running",
        "WARNING Forcing execution of the server",
      ],
    );
  });

  test("has its folder made, but not the folder's folder", async () => {
    const server = await serveControl({ at: { path: join(folder, "new", "x.sock") }, answer: echo, say: () => {} });
    await server.close();
    await assert.rejects(
      serveControl({ at: { path: join(folder, "a", "b", "x.sock") }, answer: echo, say: () => {} }),
      /ENOENT/,
    );
  });

  const python = ["/usr/bin/python3", "/usr/local/bin/python3"].find((path) => existsSync(path));
  test(
    "may have been opened by the service manager, and then stays",
    { skip: python === undefined && "needs python3, which plays systemd" },
    async () => {
      const path = join(folder, "inherited.sock");
      const child = spawn(python ?? "", ["-c", MANAGER, path, process.execPath, import.meta.resolve("../index.ts")], {
        stdio: ["pipe", "inherit", "inherit"],
      });
      const ended = new Promise((resolve) => child.on("exit", resolve));
      open.push(() => void child.kill());
      while (!existsSync(path)) await new Promise((resolve) => setTimeout(resolve, 5));
      const link = await openLink(path);
      assert.deepEqual(await link.ask(["ping"]), { is: "value", value: "pong" });
      await link.close();
      child.stdin.end();
      await ended;
      assert.equal(existsSync(path), true);
    },
  );

  const inherited: readonly [what: string, env: Record<string, string>, fd: number | null][] = [
    ["nothing is inherited", {}, null],
    ["it is for somebody else", { LISTEN_FDS: "1", LISTEN_PID: "5" }, null],
    ["the first is taken", { LISTEN_FDS: "2", LISTEN_PID: "42" }, 3],
    ["the one with our name is taken", { LISTEN_FDS: "2", LISTEN_PID: "42", LISTEN_FDNAMES: "web:fail2ban" }, 4],
    [
      "a name without descriptor counts for nothing",
      { LISTEN_FDS: "1", LISTEN_PID: "42", LISTEN_FDNAMES: "web:fail2ban" },
      3,
    ],
    ["none are passed", { LISTEN_FDS: "0", LISTEN_PID: "42" }, null],
  ];
  for (const [what, env, fd] of inherited)
    test(`socket activation: ${what}`, () => {
      assert.equal(takeInheritedSocket(env, 42), fd);
      if (fd !== null) assert.deepEqual(env, {});
    });

  test("a group is found by its name or its number", () => {
    const file = join(folder, "group");
    writeFileSync(file, "root:x:0:\nadm:x:4:syslog\nbroken:x\n");
    assert.deepEqual(
      ["adm", "4711", "nobody-here", "broken", "ad"].map((name) => groupNumber(name, file)),
      [4, 4711, null, null, null],
    );
  });
});

describe("the end of the server", () => {
  test("whoever asks while it goes down is told so", async () => {
    const { path, refuse } = await serve(echo);
    const client = raw(path);
    client.socket.write(frame("before"));
    await client.reply(1);
    refuse();
    client.socket.write(frame("after"));
    assert.deepEqual(await client.reply(2), ["SHUTDOWN"]);
  });

  test("an answer that is under way still goes out", async () => {
    let finish = (): void => {};
    const slow = new Promise<void>((resolve) => (finish = resolve));
    const asked = signal();
    const { path, close } = await serve(async (request) => {
      asked.give();
      await slow;
      return new Row(0, request);
    });
    const client = raw(path);
    client.socket.write(frame("stop"));
    await asked.given;
    const closing = close(2000);
    finish();
    assert.deepEqual(await client.reply(1), ["stop"]);
    await closing;
  });

  test("who does not go is sent away", async () => {
    const { path, close } = await serve(() => new Promise<Answer>(() => {}));
    const client = raw(path);
    client.socket.write(frame("for ever"));
    await new Promise((resolve) => client.socket.once("ready", resolve));
    await close(20);
    await client.ended;
  });
});

describe("a published exporter's way in", () => {
  /** As a Go library pickles a list of texts: protocol 2, no memo. */
  const go = (...words: readonly string[]): Buffer =>
    Buffer.concat([
      Buffer.from("\x80\x02(", "latin1"),
      ...words.map((word) => {
        const head = Buffer.alloc(5, "X");
        head.writeUInt32LE(word.length, 1);
        return Buffer.concat([head, Buffer.from(word)]);
      }),
      Buffer.from("l.", "latin1"),
      END,
    ]);

  test("its requests, pickled by protocol 2, are answered", async () => {
    const desk = fakeDesk("sshd");
    const { path } = await serve((request) => respond(desk, request, "all"));
    const client = raw(path);
    client.socket.write(
      Buffer.concat([
        go("ping"),
        go("version"),
        go("status"),
        go("status", "sshd"),
        go("get", "sshd", "maxretry"),
        go("get", "sshd", "bantime"),
      ]),
    );
    await client.reply(6);
    assert.equal(client.replies[0], "pong");
    assert.equal(client.replies[1], "1.1.2+ts");
    assert.match(JSON.stringify(client.replies[2]), /Number of jail.*1.*Jail list.*sshd/);
    assert.match(JSON.stringify(client.replies[3]), /Currently failed.*1.*Banned IP list/);
    assert.deepEqual(client.replies.slice(4), [5, null]);
  });
});

describe("fuzz of the whole socket", () => {
  test("whatever bytes come, others are answered, and nothing grows", async () => {
    const desk = fakeDesk("sshd");
    const { path } = await serve((request) => respond(desk, request, "all"), {
      limits: { ...SOCKET_LIMITS, frame: 5000, stalled: 200 },
    });
    const parts = fc.oneof(
      fc.uint8Array({ maxLength: 60 }).map((bytes) => Buffer.from(bytes)),
      fc.constantFrom(END, CLOSE, frame("ping"), frame("set", "sshd", "maxretry", "x"), frame("status", "sshd")),
    );
    await fc.assert(
      fc.asyncProperty(fc.array(parts, { maxLength: 12 }), async (chunks) => {
        const client = raw(path);
        client.socket.on("connect", () => client.socket.end(Buffer.concat(chunks)));
        await client.ended;
        const link = await openLink(path, 5);
        assert.deepEqual(await link.ask(["ping"], 5), { is: "value", value: "pong" });
        await link.close();
      }),
      { numRuns: 150, seed: 99 },
    );
  });
});

describe("no server", () => {
  test("is told by the system's word", async () => {
    await assert.rejects(openLink(join(folder, "nobody.sock")), { name: "LinkError", code: "ENOENT" });
  });

  test("that does not answer in time is given up", async () => {
    const { path } = await serve(() => new Promise<Answer>(() => {}));
    const link = await openLink(path);
    await assert.rejects(link.ask(["ping"], 0.03), { name: "LinkError", code: "TIMEOUT" });
  });

  test("that goes away is noticed", async () => {
    const path = join(folder, "rude.sock");
    const rude = createServer((socket) => socket.once("data", () => socket.destroy()));
    await new Promise<void>((resolve) => rude.listen(path, () => resolve()));
    open.push(() => new Promise<void>((resolve) => rude.close(() => resolve())));
    const link = await openLink(path);
    await assert.rejects(link.ask(["ping"]), { name: "LinkError" });
  });
});
