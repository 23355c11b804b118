import assert from "node:assert/strict";
import { createSocket } from "node:dgram";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { once } from "node:events";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { VirtualClock } from "../../base/index.ts";
import { hostsFile } from "./hosts.ts";
import { systemResolver } from "./resolve.ts";

const NONE = { addresses: () => [], name: () => null };

/** A name server on the loopback that answers with `answer`, or never. */
async function server(answer: ((name: string, type: number) => Buffer | null) | null) {
  const socket = createSocket("udp4");
  let asked = 0;
  socket.on("message", (message, peer) => {
    asked += 1;
    const end = message.indexOf(0, 12);
    const labels: string[] = [];
    for (let at = 12; at < end; at += 1 + (message[at] ?? 0))
      labels.push(message.toString("latin1", at + 1, at + 1 + (message[at] ?? 0)));
    const data = answer?.(labels.join("."), message.readUInt16BE(end + 1));
    if (data === undefined || data === null) return;
    const head = Buffer.from(message.subarray(0, end + 5));
    head.writeUInt16BE(0x8180, 2);
    head.writeUInt16BE(1, 6);
    const record = Buffer.from([
      0xc0,
      12,
      message[end + 1] ?? 0,
      message[end + 2] ?? 0,
      0,
      1,
      0,
      0,
      0,
      60,
      0,
      data.length,
    ]);
    socket.send(Buffer.concat([head, record, data]), peer.port, peer.address);
  });
  socket.bind(0, "127.0.0.1");
  await once(socket, "listening");
  return { at: `127.0.0.1:${socket.address().port}`, asked: () => asked, close: () => socket.close() };
}

test("a name's addresses are asked for once in five minutes, also together", async () => {
  const dns = await server((_, type) => (type === 1 ? Buffer.from([192, 0, 2, 7]) : null));
  const clock = new VirtualClock(0);
  const resolver = systemResolver({ clock, hosts: NONE, servers: [dns.at] });
  const answers = await Promise.all([resolver.addresses("x.example", false), resolver.addresses("x.example", false)]);
  assert.deepEqual(answers[0], { addresses: ["192.0.2.7"], failed: null });
  assert.deepEqual(await resolver.addresses("x.example", false), answers[1]);
  assert.equal(dns.asked(), 1);
  clock.advance(301);
  await resolver.addresses("x.example", false);
  assert.equal(dns.asked(), 2);
  resolver.clear();
  await resolver.addresses("x.example", false);
  assert.equal(dns.asked(), 3);
  dns.close();
});

test("a reverse name is found", async () => {
  const dns = await server((name, type) =>
    type === 12 && name === "7.2.0.192.in-addr.arpa" ? Buffer.from("\x03abc\x07example\x00", "latin1") : null,
  );
  const resolver = systemResolver({ clock: new VirtualClock(0), hosts: NONE, servers: [dns.at] });
  assert.equal(await resolver.host("192.0.2.7"), "abc.example");
  dns.close();
});

test("a silent name server costs at most two seconds, and what is too much at once is not asked", async () => {
  const dns = await server(null);
  const resolver = systemResolver({ clock: new VirtualClock(0), hosts: NONE, servers: [dns.at] });
  const begun = performance.now();
  const answers = await Promise.all(Array.from({ length: 200 }, (_, n) => resolver.host(`192.0.2.${n}`)));
  assert.ok(performance.now() - begun < 3500);
  assert.ok(answers.every((answer) => answer === null));
  assert.ok(dns.asked() <= 64 * 2, `${dns.asked()}`);
  dns.close();
});

test("the machine's own list of names goes first, and is read again when it changes", async () => {
  const folder = mkdtempSync(join(tmpdir(), "f2bhosts-"));
  const path = join(folder, "hosts");
  writeFileSync(path, "192.0.2.1 one.example one # comment\n2001:db8:0::1 one.example\n# 192.0.2.2 two\n");
  const resolver = systemResolver({ clock: new VirtualClock(0), hosts: hostsFile(path), servers: ["127.0.0.1:9"] });
  assert.deepEqual(await resolver.addresses("ONE.example", true), {
    addresses: ["192.0.2.1", "2001:db8::1"],
    failed: null,
  });
  assert.deepEqual((await resolver.addresses("one.example", false)).addresses, ["192.0.2.1"]);
  assert.equal(await resolver.host("192.0.2.1"), "one.example");
  writeFileSync(path, "192.0.2.9 other.example\n");
  assert.equal(await resolver.host("192.0.2.9"), "other.example");
  rmSync(folder, { recursive: true });
});
