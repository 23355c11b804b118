import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { fakeDesk, type FakeDesk } from "../desk.fake.ts";
import { ask } from "./ask.fake.ts";
import { statsTable } from "./table.ts";

describe("status", () => {
  const banned = async (): Promise<FakeDesk> => {
    const desk = fakeDesk("web", "sshd");
    await desk.jail("sshd").banip(["192.0.2.1", "198.51.100.7"]);
    return desk;
  };
  const head =
    "Status for the jail: sshd\n|- Filter\n|  |- Currently failed:\t1\n|  |- Total failed:\t6\n|  `- File list:\t/var/log/a.log /var/log/b.log\n`- Actions\n   |- Currently banned:\t2\n";

  test("names the jails in order", async () => {
    assert.equal(await ask(await banned(), ["status"]), "Status\n|- Number of jail:\t2\n`- Jail list:\tsshd, web");
  });
  for (const flavor of [[], ["basic"], ["unheard-of"]])
    test(`of a jail, flavor ${flavor[0] ?? "none"}`, async () => {
      assert.equal(
        await ask(await banned(), ["status", "sshd", ...flavor]),
        `${head}   |- Total banned:\t9\n   \`- Banned IP list:\t192.0.2.1 198.51.100.7`,
      );
    });
  test("of a jail, short", async () => {
    assert.equal(await ask(await banned(), ["status", "sshd", "short"]), `${head}   \`- Total banned:\t9`);
  });
  test("of a jail, with the owners of the addresses", async () => {
    const text = await ask(await banned(), ["status", "sshd", "cymru"]);
    assert.match(
      text,
      / {3}\|- Banned ASN list:\t64496\n {3}\|- Banned Country list:\tZZ\n {3}`- Banned RIR list:\tother$/,
    );
  });
  test("of a jail, with how reading of its logs goes", async () => {
    assert.equal(
      await ask(await banned(), ["status", "sshd", "sources"]),
      [
        "Status for the jail: sshd",
        "`- /var/log/a.log",
        "   |- Read by:\tpolling",
        "   |- Lines:\t12",
        "   |- Bytes:\t3456",
        "   |- Lines cut:\t0",
        "   |- Bytes behind:\t78",
        "   |- Seconds behind:\t9.0",
        "   |- Last line:\tNone",
        "   |- Caught up:\tTrue",
        "   `- Trouble:\tNone",
      ].join("\n"),
    );
  });
  test("says in the log which flavors there are", async () => {
    const desk = await banned();
    await ask(desk, ["status", "sshd", "foo"]);
    assert.deepEqual(desk.said, [
      {
        level: "WARNING",
        logger: "jail",
        text: "Unsupported extended jail status flavor 'foo'. Supported: ['short', 'basic', 'stats', 'cymru', 'sources']",
      },
    ]);
  });
  test("of all jails is a tree of trees", async () => {
    const one = (stem: string): string =>
      [
        `|- Filter`,
        `|  |- Currently failed:\t1`,
        `|  |- Total failed:\t6`,
        "|  `- File list:\t/var/log/a.log /var/log/b.log",
        "`- Actions",
        `   |- Currently banned:\t0`,
        "   `- Total banned:\t9",
      ]
        .map((line) => `   ${stem}  ${line}\n`)
        .join("");
    const expected = `Status\n|- Number of jail:\t2\n|- Jail list:\tsshd, web\n\`- Status for the jails:\n   |- Jail: sshd\n${one("|")}   \`- Jail: web\n${one(" ")}`;
    assert.equal(`${await ask(fakeDesk("web", "sshd"), ["status", "--all", "short"])}\n`, expected);
  });
  test("as numbers is the table of stats", async () => {
    assert.equal(await ask(await banned(), ["status", "--all", "stats"]), await ask(await banned(), ["stats"]));
    assert.match(
      await ask(await banned(), ["status", "sshd", "stats"]),
      /^ sshd +║ polling {2}║ {3}1 │ {3}6 ║ {3}2 │ {3}9$/m,
    );
  });
});

describe("the table of stats", () => {
  const rows = [
    { jail: "sshd", backend: "systemd", numbers: ["3", "123456", "12", "345"] },
    { jail: "a-rather-long-jail-name", backend: "polling", numbers: ["0", "0", "0", "0"] },
  ];
  test("is drawn with box characters", () => {
    assert.equal(
      statsTable(rows, true),
      [
        "                         ║          ║ Filter       ║ Actions  ",
        " Jail                    ║ Backend  ╟──────────────╫───────────",
        "                         ║          ║ cur │    tot ║ cur │ tot",
        "═════════════════════════╬══════════╬══════════════╬═══════════",
        " sshd                    ║ systemd  ║   3 │ 123456 ║  12 │ 345",
        " a-rather-long-jail-name ║ polling  ║   0 │      0 ║   0 │   0",
        "═════════════════════════╩══════════╩══════════════╩═══════════",
      ].join("\n"),
    );
  });
  test("is drawn in ASCII", () => {
    assert.equal(
      statsTable(rows, false),
      [
        "                         |          | Filter       | Actions  ",
        " Jail                    | Backend  |--------------x-----------",
        "                         |          | cur |    tot | cur | tot",
        "-------------------------x----------x--------------x-----------",
        " sshd                    | systemd  |   3 | 123456 |  12 | 345",
        " a-rather-long-jail-name | polling  |   0 |      0 |   0 |   0",
        "---------------------------------------------------------------",
      ].join("\n"),
    );
  });
});
