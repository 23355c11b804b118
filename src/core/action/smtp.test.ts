import assert from "node:assert/strict";
import { test } from "node:test";
import { aBan, rehearse } from "../../../test/agree/actions/rehearsal.ts";
import { banLetter, readSmtp } from "./smtp.ts";

function read(parameters: Record<string, string>) {
  const made = readSmtp(new Map(Object.entries(parameters)));
  return made.ok ? made.settings : made.message;
}

function problem(parameters: Record<string, string>): string {
  const made = read(parameters);
  return typeof made === "string" ? made : "";
}

test("the parameters of smtp.py have the original's defaults", () => {
  assert.deepEqual(read({}), {
    host: "localhost",
    port: 25,
    tls: false,
    user: null,
    password: null,
    senderName: "Fail2Ban",
    sender: "fail2ban",
    to: ["root"],
    matches: null,
  });
});

const HOSTS: readonly [written: string, host: string, port: number][] = [
  ["mail.example", "mail.example", 25],
  ["mail.example:587", "mail.example", 587],
  ["[2001:db8::1]:2525", "2001:db8::1", 2525],
];
for (const [written, host, port] of HOSTS)
  test(`the host ${written} is read`, () => {
    const settings = read({
      host: written,
      ssl: "True",
      dest: "a@x, b@y",
      matches: "ipmatches",
      user: "u",
      password: "p",
    });
    assert.ok(typeof settings === "object");
    assert.deepEqual(
      [settings.host, settings.port, settings.tls, settings.to, settings.matches],
      [host, port, true, ["a@x", "b@y"], "ipmatches"],
    );
  });

test("what cannot be meant is refused with a reason", () => {
  assert.match(problem({ host: "a:b:c" }), /^host: cannot read a:b:c/);
  assert.match(problem({ matches: "all" }), /^matches: is one of/);
  assert.match(problem({ hots: "x" }), /does not know the parameter hots/);
});

test("a mail about a ban says who, where, how long, and the lines if wanted", () => {
  const { source } = rehearse({}).action;
  const plain = banLetter(aBan("192.0.2.1"), "host.example", null, source);
  assert.equal(plain.subject, "[Fail2Ban] j: banned 192.0.2.1 from host.example");
  assert.match(
    plain.text,
    /^192\.0\.2\.1 was banned by the jail j on host\.example, for 10m, after 3 failed attempt\(s\)\.\n\n-- /,
  );
  assert.match(banLetter(aBan("192.0.2.1"), "h", "matches", source).text, /first line\nsecond line/);
  assert.match(
    banLetter(aBan("192.0.2.1"), "h", "ipmatches", { ...source, merged: () => ({ matches: ["other"], failures: 9 }) })
      .text,
    /Log lines:\nother\n/,
  );
});
