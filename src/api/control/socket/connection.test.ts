import assert from "node:assert/strict";
import { createServer } from "node:net";
import { join } from "node:path";
import { describe, test } from "node:test";
import { fakeDesk } from "../desk.fake.ts";
import { Row, type Answer } from "../pickle/index.ts";
import { respond } from "../respond.ts";
import { CLOSE, END } from "./frames.ts";
import { openLink } from "./link.ts";
import { echo, folder, frame, open, raw, serve, signal } from "./serve.fake.ts";

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

  test("is told when the server has ended the connection meanwhile, and may still say good-bye", async () => {
    const server = createServer((socket) => void socket.once("data", () => socket.destroy()).on("error", () => {}));
    const path = join(folder, "short.sock");
    await new Promise<void>((resolve) => server.listen(path, resolve));
    open.push(() => void server.close());
    const link = await openLink(path);
    await assert.rejects(link.ask(["a"]), { name: "LinkError" });
    // Nothing more happens to a connection that is gone: whoever waited for it would wait for ever.
    await assert.rejects(link.ask(["b"]), { name: "LinkError", code: "CLOSED" });
    await link.close();
  });

  test("has its second request answered after its first, though that takes longer", async () => {
    const asked = signal();
    const release = signal();
    const { path } = await serve(async (request) => {
      asked.give();
      if (Array.isArray(request) && request[0] === "slow") await release.given;
      return new Row(0, request);
    });
    const client = raw(path);
    client.socket.write(frame("slow"));
    await asked.given;
    client.socket.write(frame("quick"));
    // By the time that another client has been answered, the second request has been read.
    const other = await openLink(path);
    for (let i = 0; i < 3; i += 1) await other.ask(["other"]);
    assert.deepEqual(client.replies, []);
    release.give();
    await client.reply(2);
    assert.deepEqual(client.replies, [["slow"], ["quick"]]);
    await other.close();
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
