import assert from "node:assert/strict";
import { connect } from "node:net";
import { describe, test } from "node:test";
import { Row, type Answer } from "../pickle/index.ts";
import { SOCKET_LIMITS } from "./limits.ts";
import { openLink } from "./link.ts";
import { echo, frame, open, raw, serve, signal } from "./serve.fake.ts";

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
