import assert from "node:assert/strict";
import { chmodSync } from "node:fs";
import { describe, test } from "node:test";
import { COMMANDS } from "../api/control/index.ts";
import { client, folder, nok, socket } from "./client.fake.ts";

describe("answers as JSON", () => {
  const rows: readonly [line: string, code: number, json: object][] = [
    ["--json ping", 0, { ok: true, value: "pong" }],
    ["--json status", 0, { ok: true, value: { count: 2, jails: ["sshd", "web"] } }],
    ["--json get sshd maxretry", 0, { ok: true, value: 5 }],
    [
      "--json status nope",
      255,
      { ok: false, error: { class: "UnknownJailException", message: "Sorry but the jail 'nope' does not exist" } },
    ],
    ["--json statsu", 255, { ok: false, error: { class: "Exception", message: "Invalid command" } }],
    [
      "--json -s /nope/sock ping",
      255,
      {
        ok: false,
        error: { class: "ConnectionError", message: "Failed to access socket path: /nope/sock. Is fail2ban running?" },
      },
    ],
    ["--json reload", 0, { ok: true, value: "OK" }],
    [
      "--json reload a b",
      255,
      { ok: false, error: { class: "Exception", message: "Unexpected argument(s) for reload: ['a', 'b']" } },
    ],
  ];
  for (const [line, code, json] of rows)
    test(line, async () => {
      const run = await client(line);
      assert.deepEqual([run.code, JSON.parse(run.out)], [code, json]);
      assert.doesNotMatch(run.err, /Did you mean/);
    });
});

test("every command that answers does so as JSON, too, with values or with what is wrong", async () => {
  for (const { words, needs = 0 } of COMMANDS.filter(({ run }) => run !== undefined)) {
    // Enough words, and not the right ones for all: a refusal is an answer, too.
    const line = words.replace("<JAIL>", "sshd").replace("<IP>", "192.0.2.1").replaceAll("*", "x");
    const { code, out } = await client(`--json ${line}${" 1".repeat(needs)}`);
    const answer = JSON.parse(out) as { ok: boolean; value?: unknown; error?: { class: string; message: string } };
    assert.equal(answer.ok, code === 0, line);
    assert.deepEqual(Object.keys(answer), answer.ok ? ["ok", "value"] : ["ok", "error"], line);
    if (!answer.ok) assert.deepEqual(Object.keys(answer.error ?? {}), ["class", "message"], line);
  }
});

test("there is no colour, with and without NO_COLOR and on a terminal", async () => {
  for (const line of ["status", "status sshd", "stats", "-h", "statsu", "status --all"])
    for (const terminal of [true, false]) {
      const { out, err } = await client(line, { terminal });
      assert.ok(!(out + err).includes("\u001b"), line);
    }
});

const NOBODY = 65_534;

test(
  "who has no right to the socket is told so",
  { skip: process.geteuid?.() === 0 ? false : "needs root" },
  async () => {
    chmodSync(folder, 0o755);
    process.seteuid?.(NOBODY);
    try {
      for (const line of ["ping", "status"])
        assert.deepEqual(await client(line), {
          code: 255,
          out: "",
          err: nok(`Permission denied to socket: ${socket}, (you must be root)`),
        });
    } finally {
      process.seteuid?.(0);
      chmodSync(folder, 0o700);
    }
  },
);
