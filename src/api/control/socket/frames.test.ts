import assert from "node:assert/strict";
import { describe, test } from "node:test";
import * as fc from "fast-check";
import { fakeDesk } from "../desk.fake.ts";
import { respond } from "../respond.ts";
import { CLOSE, END, FrameCutter, FrameTooLong } from "./frames.ts";
import { SOCKET_LIMITS } from "./limits.ts";
import { openLink } from "./link.ts";
import { frame, raw, serve } from "./serve.fake.ts";

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
