/** What is worked out once for all jails must not show: a jail read by itself gives the same commands as among the others. */
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import { disk, printStream, readPlainly, type Files } from "./index.ts";
import { BASICS, filesOf } from "./memory.fixture.ts";

const base = fileURLToPath(new URL("../../../config", import.meta.url));
const jails = [...readFileSync(`${base}/jail.conf`, "utf8").matchAll(/^\[(?!DEFAULT|INCLUDES)([^\]]+)\]$/gm)].map(
  ([, name = ""]) => name,
);

/** The stock configuration with all jails enabled by a jail.local that stands nowhere. */
const files: Files = {
  ...disk,
  names: (path) => (path === base ? [...disk.names(path), "jail.local"] : disk.names(path)),
  read: (path) =>
    path === `${base}/jail.local`
      ? {
          ok: true,
          text: jails.map((name, at) => `[${name}]\nenabled = true\n${EXTRAS[at % EXTRAS.length]}\n`).join(""),
        }
      : disk.read(path),
  kind: (path) => (path === `${base}/jail.local` ? "file" : disk.kind(path)),
};

const EXTRAS = [
  "logpath = /dev/null",
  "logpath = /dev/null\nprotocol = udp",
  "logpath = /dev/null\nchain = OUTPUT\nmaxretry = 7",
  "logpath = /dev/null\naction = iptables[chain=A, port?family=inet6=9]",
  'logpath = /dev/null\naction = nftables[TYPE=allports, actionban="x <name>"]\n    iptables-allports[name=two]',
];

test("each jail of the stock configuration is the same by itself as among all", () => {
  const read = (jail?: string): string[] =>
    printStream(
      readPlainly(files, base, { version: "1", allowNoLogs: true, ...(jail === undefined ? {} : { jail }) }).commands,
      false,
    ).split("\n");
  const all = read();
  for (const jail of jails) {
    const own = (lines: readonly string[]): string[] => lines.filter((line) => line.split("'")[3] === jail);
    assert.ok(own(all).length > 5, jail);
    assert.deepEqual(own(read(jail)), own(all), jail);
  }
});

test("one file may be a jail's filter and its action", () => {
  const text = `${BASICS}--- both.conf\n[Definition]\nfailregex = ^x <HOST>$\nactionban = ban <ip>\n--- jail.conf\n[a]\nenabled = true\nlogpath = /etc/t/jail.conf\nfilter = /etc/t/both\naction = /etc/t/both\n`;
  const { commands, fatal } = readPlainly(filesOf(text), "/etc/t", { version: "1" });
  assert.equal(fatal, null);
  const printed = printStream(commands, false);
  assert.match(printed, /'addfailregex', '\^x <HOST>\$'/);
  assert.match(printed, /\['actionban', 'ban <ip>'\]/);
});
