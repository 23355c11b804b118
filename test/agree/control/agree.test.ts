/**
 * The suite, run with both clients on both servers: (a) theirs on theirs says what is right, then (b) their client on our server, (c) our client on
 * their server, (d) ours on ours. Printed output, exit status and the client's own error lines must be equal.
 */
import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import { join, resolve } from "node:path";
import { after, describe, test } from "node:test";
import { VERSION } from "../../../src/base/index.ts";
import { shellWords } from "../../../src/io/config/index.ts";
import { leaveSocket, missing, openStand, type Outcome, type Side } from "./stand.ts";
import { SUITE, type Case, type Marked } from "./suite.ts";

const DAEMON = resolve(import.meta.dirname, "../../../src/daemon/index.ts");
const NO_DAEMON = existsSync(DAEMON) ? false : "our server does not stand yet";

const transcripts = new Map<string, Promise<readonly Outcome[]>>();

/** Runs the whole suite once with this client on this server. */
function transcript(client: Side, server: Side): Promise<readonly Outcome[]> {
  const key = `${client} on ${server}`;
  const known = transcripts.get(key) ?? play(client, server);
  transcripts.set(key, known);
  return known;
}

/** The original's client takes most of the time, and there are two cores: all that will be compared is begun at once. */
function beginAll(): void {
  if (missing() !== false) return;
  for (const { client, server } of [
    { client: "theirs", server: "theirs" } as const,
    ...SETTINGS.filter(({ skip }) => skip === false),
  ])
    transcript(client, server).catch(() => {}); // said by the tests that wait for it
}

async function play(client: Side, server: Side): Promise<readonly Outcome[]> {
  const stand = await openStand(client, server);
  try {
    leaveSocket(join(stand.folder, "stale.sock"));
    const outcomes: Outcome[] = [];
    for (const one of SUITE) {
      const { line, stdin = "" } = marked(one);
      const words = shellWords(line.replaceAll("@", stand.folder));
      assert.ok(!("message" in words), line);
      const args =
        words[0] === "-c" || words[0]?.startsWith("-c/") || words[0]?.startsWith("--con")
          ? words
          : ["-c", join(stand.folder, "conf"), ...words];
      outcomes.push(normalise(await stand.client.run(args, stdin), stand.folder));
    }
    return outcomes;
  } finally {
    await stand.end();
  }
}

function marked(one: Case): Marked {
  return typeof one === "string" ? { line: one } : one;
}

/** What differs from run to run, and what differs between the original's releases (config-cli.md §11). */
const NORMALISED: readonly (readonly [what: string, from: RegExp, to: string])[] = [
  ["the banner", /^Fail2Ban v.*\n.*\n/gm, "<BANNER>\n"],
  ["moments", /\d{4}-\d\d-\d\d \d\d:\d\d:\d\d/g, "<TIME>"],
  ["the IPv6 part of <HOST>", /\{1,4\}::\?\|::\)/g, "{1,4}::?|:)"],
  ["a backend that is gone", /'pyinotify', 'gamin', 'polling'/g, "'pyinotify', 'polling'"],
  ["the wording of missing logs", /any log file for (\w+) jail$/gm, "any log file for '$1' jail."],
];

function normalise({ code, stdout, stderr }: Outcome, folder: string): Outcome {
  const tidy = (text: string): string =>
    NORMALISED.reduce((rest, [, from, to]) => rest.replace(from, to), text.replaceAll(folder, "@"));
  return { code, stdout: tidy(stdout), stderr: tidy(errors(stderr)) };
}

/** The client's own lines: what is said while the configuration is read is worded otherwise (with file and line), hints are ours alone. */
function errors(stderr: string): string {
  const own = /^\d{4}-\S+ \S+ fail2ban +\[\d+\]: (.*)$/;
  let inside = false;
  const kept = stderr.split("\n").filter((line) => {
    inside = own.test(line) || (inside && line !== "" && !/^(?:\d{4}-|Did you mean)/.test(line));
    return inside || /^Init of command line failed$/.test(line);
  });
  return kept
    .map((line) => line.replace(own, "$1"))
    .filter((line) => !line.startsWith("INFO "))
    .join("\n");
}

interface Setting {
  readonly name: string;
  readonly client: Side;
  readonly server: Side;
  readonly skip: string | false;
}

const SETTINGS: readonly Setting[] = [
  { name: "(b) their client on our server", client: "theirs", server: "ours", skip: NO_DAEMON },
  { name: "(c) our client on their server", client: "ours", server: "theirs", skip: false },
  { name: "(d) our client on our server", client: "ours", server: "ours", skip: NO_DAEMON },
];

beginAll();

for (const setting of SETTINGS) {
  const { name, client, server } = setting;
  describe(name, { skip: missing() || setting.skip }, () => {
    let differing = 0;
    for (const [at, one] of SUITE.entries()) {
      const row = marked(one);
      test(`${at}: ${row.line === "" ? "(no words)" : row.line}`, async () => {
        const [right, got] = [(await transcript("theirs", "theirs"))[at], (await transcript(client, server))[at]];
        if (row.pending === undefined || server === "theirs") compare(row, right, got, setting);
        else assert.equal(agrees(row, right, got, setting), false, `no longer pending: ${row.pending}`);
      });
      if (
        (server === "ours" && (row.head ?? row.server ?? row.logged ?? row.differs ?? row.pending) !== undefined) ||
        (client === "ours" && row.client !== undefined)
      )
        differing += 1;
    }
    after(() => {
      console.log(
        `${name}: ${SUITE.length} command lines, ${differing} of them with a listed difference; normalised: ${NORMALISED.map(([what]) => what).join(", ")}`,
      );
    });
  });
}

function agrees(row: Marked, right: Outcome | undefined, got: Outcome | undefined, setting: Setting): boolean {
  try {
    compare(row, right, got, setting);
    return true;
  } catch (error) {
    if (error instanceof assert.AssertionError) return false;
    throw error;
  }
}

function compare(row: Marked, right: Outcome | undefined, got: Outcome | undefined, { client, server }: Setting): void {
  assert.ok(right !== undefined && got !== undefined);
  if (server === "ours" && row.differs !== undefined) return;
  if (server === "ours" && row.head !== undefined) {
    assert.equal(got.code, 0);
    // Their client is of 1.0.2 and has no form for what it does not know.
    if (client === "ours" || row.head === "VERSION")
      assert.equal(got.stdout, `${row.head === "VERSION" ? VERSION : row.head}\n`);
  } else if (client === "ours" && row.client !== undefined) assert.equal(got.code, right.code);
  else if (server === "ours" && row.server !== undefined)
    assert.deepEqual([got.code, got.stdout === ""], [right.code, right.stdout === ""]);
  else if (server === "ours" && row.logged !== undefined)
    assert.deepEqual([got.code, got.stdout], [right.code, right.stdout]);
  else assert.deepEqual(got, right);
}
