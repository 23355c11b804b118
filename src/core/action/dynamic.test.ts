import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { whoOf, type Ban } from "../../base/index.ts";
import { aBan } from "../../../test/agree/actions/rehearsal.ts";
import { fillTags, VALUE_MAX, VALUES_MAX } from "./dynamic.ts";
import { DYNAMIC_TAGS, emptyBan, needsHost, tagReader, type TagSource } from "./tags.ts";

const SOURCE: TagSource = {
  jail: "sshd",
  bantime: 600,
  counts: () => ({ banned: 4, bannedTotal: 40, found: 5, foundTotal: 50 }),
  merged: (_, where) => (where === "all" ? { matches: ["all"], failures: 99 } : null),
  hostOf: (ip) => (ip === "192.0.2.1" ? "name.example" : null),
};

function fill(text: string, ban: Ban = aBan("192.0.2.1")) {
  return fillTags(text, tagReader({ ban, family: "inet4", now: 1000, source: SOURCE }));
}

describe("dynamic tags", () => {
  const ban = aBan("192.0.2.1", {
    lasts: 600.9,
    count: 2,
    since: 999.5,
    fields: { user: "root", fport: "22", alias: ["a", "b"], sure: true },
  });
  const cases: readonly [text: string, expected: string, ban?: Ban][] = [
    ["<ip> <family> <ip-rev> <ip-host>", "192.0.2.1 inet4 1.2.0.192. name.example"],
    ["<ip> <family> <ip-host>", "2001:db8::1 inet6 None", aBan("2001:db8::1")],
    ["<fid> <family>", "somebody None", aBan("somebody")],
    ["<ip> <fid>", "192.0.2.7 somebody", aBan("somebody", { fields: { ip4: "192.0.2.7" } })],
    ["<failures> <time> <bantime> <bancount>", "3 999.5 600 2"],
    ["<bantime>", "-1", aBan("192.0.2.1", { lasts: -1 })],
    ["<restored>", "1", aBan("192.0.2.1", { restored: true })],
    ["<ipmatches> <ipfailures> <ipjailfailures>", "all 99 3"],
    ["<jail.name> <jail.banned> <jail.banned_total> <jail.found> <jail.found_total>", "sshd 4 40 5 50"],
    ["<F-USER> <F-PORT> <F-ID> <F-FAILURES> <F-SURE>", "root 22 192.0.2.1 3 True"],
    ["[<F-NONE>] <F-user> <attempts> <no tag> < file >", "[] <F-user> <attempts> <no tag> < file >"],
    ["<<ip>>", "<192.0.2.1>"],
  ];
  for (const [text, expected, other] of cases)
    test(`${text} is ${expected}`, () => assert.deepEqual(fill(text, other ?? ban), { text: expected, values: [] }));

  test("leave the text when they hold anything that a shell understands", () => {
    const dangerous = "\n\r\"#$&'()*;<>?[\\]^`{|}~";
    assert.equal(dangerous.length, 23);
    for (const c of dangerous) {
      const script = fill('echo "<F-USER>"', aBan("192.0.2.1", { fields: { user: `a${c}b` } }));
      assert.deepEqual(script, { text: 'f2bV_F_user=$0 \necho "$f2bV_F_user"', values: [`a${c}b`] }, JSON.stringify(c));
    }
  });

  test("stay in the text with every other character", () => {
    const harmless = " \t-!=%,:/@+.\u0001\u001b\u007fäß€𝄞0aZ_";
    assert.deepEqual(fill("<F-USER>", aBan("192.0.2.1", { fields: { user: harmless } })), {
      text: harmless,
      values: [],
    });
  });

  test("leave the text behind an equals sign when their rest would be a command", () => {
    const ban = aBan("192.0.2.1", { fields: { user: "x touch y", one: "xy" } });
    assert.deepEqual(fill("U=<F-USER> V=<F-ONE> w <F-USER>", ban), {
      text: "f2bV_F_user=$0 \nU=$f2bV_F_user V=xy w $f2bV_F_user",
      values: ["x touch y"],
    });
  });

  test("number more than ten values so that every shell understands", () => {
    const fields = Object.fromEntries(Array.from({ length: 12 }, (_, n) => [`v${n}`, `(${n}`]));
    const script = fill(Array.from({ length: 12 }, (_, n) => `<F-V${n}>`).join(" "), aBan("192.0.2.1", { fields }));
    assert.match(script.text, /^f2bV_F_v0=\$0 .*f2bV_F_v9=\$9 f2bV_F_v10=\$\{10\} f2bV_F_v11=\$\{11\} \n/);
    assert.equal(script.values.length, 12);
  });

  test("pass a value once however often it is used", () => {
    const script = fill("<matches> <matches>");
    assert.deepEqual(script, {
      text: "f2bV_matches=$0 \n$f2bV_matches $f2bV_matches",
      values: ["first line\nsecond line"],
    });
  });

  test("are not looked for in values", () => {
    const script = fill('"<F-USER>"', aBan("192.0.2.1", { fields: { user: "<ip>" } }));
    assert.deepEqual(script.values, ["<ip>"]);
  });

  test("lose NULs and are cut at the limit of one value, and of all", () => {
    const nul = fill("<F-USER>", aBan("192.0.2.1", { fields: { user: "a\0b" } }));
    assert.equal(nul.text, "ab");
    const long = fill("<F-USER>", aBan("192.0.2.1", { fields: { user: "x".repeat(1_000_000) } }));
    assert.equal(long.values[0]?.length, VALUE_MAX);
    const fields = Object.fromEntries(Array.from({ length: 20 }, (_, n) => [`v${n}`, "$".repeat(VALUE_MAX)]));
    const many = fill(Array.from({ length: 20 }, (_, n) => `<F-V${n}>`).join(" "), aBan("192.0.2.1", { fields }));
    assert.equal(many.values.join("").length, VALUES_MAX);
  });

  test("show everything for debugging", () => {
    assert.equal(
      fill("<F-*>", aBan("192.0.2.1", { fields: { user: "o'x" } })).values[0],
      `{'user': "o'x", 'matches': ['first line', 'second line'], 'failures': 3}`,
    );
    assert.equal(fill("<F-MATCHES>").values[0], "['first line', 'second line']");
    assert.equal(fill("<F-ALIAS>", ban).values[0], "('a', 'b')");
    assert.match(
      fill("<raw-ticket>").values[0] ?? "",
      /^BanTicket: ip=192\.0\.2\.1 time=1000 bantime=600 bancount=1 #attempts=3 matches=\['first line'/,
    );
  });

  test("are empty in commands that belong to no ban, but for the family", () => {
    const script = fillTags(
      "[<ip>] <family> <bantime>",
      tagReader({ ban: emptyBan("j", 600, 1), family: "inet6-net", now: 1, source: SOURCE }),
    );
    assert.equal(script.text, "[] inet6 600");
  });

  test("tell whether the reverse name is wanted", () => {
    assert.equal(needsHost("x <ip-host>"), true);
    assert.equal(needsHost("x <ip>"), false);
  });

  test("cut joined lines kept in three pieces as one", () => {
    const script = fill("<matches>", aBan("192.0.2.1", { matches: [["Nov 1 ", "10:00", " x"], "y"] }));
    assert.deepEqual(script.values, ["Nov 1 10:00 x\ny"]);
  });

  test("are each in the table once", () => {
    assert.equal(new Set(DYNAMIC_TAGS.map((tag) => tag.name)).size, DYNAMIC_TAGS.length);
    assert.equal(whoOf("192.0.2.1").address?.family, 4);
  });
});
