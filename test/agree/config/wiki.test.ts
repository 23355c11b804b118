/** The page's configuration: every line of it that does not do what the administrator meant is named, and what he meant gives no warning. */
import assert from "node:assert/strict";
import { cpSync, existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { printIssue, type Issue } from "../../../src/base/index.ts";
import { disk, readConfiguration, refusalIssues } from "../../../src/io/config/index.ts";
import { foldStream, startGeneral, type OptionWorld } from "../../../src/core/jail/index.ts";
import { ourDump, theirDump } from "./ours.ts";
import { inDirectory, missing, startOracle, tree, type Oracle } from "./oracle.ts";

const fixtures = join(import.meta.dirname, "../../fixtures/wiki");
const own = join(import.meta.dirname, "../../../config");

/** Stock files below the page's own ones; ours only once they are complete enough to have an sshd jail. */
const STOCKS: readonly (readonly [string, string])[] = [
  ["a small stock", join(fixtures, "stock")],
  ...(existsSync(join(own, "filter.d/sshd.conf")) && existsSync(join(own, "action.d/nftables.conf"))
    ? [["our stock", own] as const]
    : []),
];

const world: OptionWorld = {
  zone: { toInstant: () => 0, toLocal: () => ({ year: 2026, month: 1, day: 1, hour: 0, minute: 0, second: 0 }) },
  thisYear: 2026,
  encoding: "UTF-8",
};

function issuesOf(directory: string): readonly Issue[] {
  const reading = readConfiguration(disk, directory, { version: "1.1.2" });
  assert.equal(reading.fatal, null);
  const folded = foldStream(
    reading.commands.map(({ words }) => words),
    { general: startGeneral(), jails: new Map() },
    world,
  );
  return [...reading.issues, ...refusalIssues(reading.commands, folded.refusals)];
}

/** Each mistake: the file, a text that its line contains, and what the issue must say about it. */
const MISTAKES: readonly (readonly [string, string, RegExp])[] = [
  ["jail.local", "maxfailures = 5", /nothing reads the option "maxfailures".*did you mean maxretry/],
  ["jail.local", "bantime.findtime = 1w", /nothing reads the option "bantime.findtime".*dbpurgeage/],
  ["jail.local", "bantime.findtime = 1w", /the comment "# La période/],
  ["jail.local", "bantime.factor = 2", /"bantime.maxtime = …" stands within the value of bantime.factor/],
  ["jail.local", "ignoreip = ", /172\.17\.0\.0\/24 covers only 256 addresses/],
  ["jail.d/bad-auth-bots.conf", "[bad-auth-bots]", /the whole section \[bad-auth-bots\] stands on one line/],
  ["filter.d/bad-auth-bots.conf", "failregex = ", /the backslashes of this failregex seem to be lost/],
  ["action.d/docker-action-net.conf", "actionban = ", /cannot ban IPv6/],
];

for (const [name, stock] of STOCKS) {
  test(`every mistake of the page as printed is named with its line and its remedy, above ${name}`, () =>
    inDirectory((directory) => {
      cpSync(stock, directory, { recursive: true });
      cpSync(join(fixtures, "as-printed"), directory, { recursive: true });
      const issues = issuesOf(directory);
      for (const [file, text, words] of MISTAKES) {
        const line =
          readFileSync(join(directory, file), "utf8")
            .split("\n")
            .findIndex((one) => one.startsWith(text)) + 1;
        const named = issues.filter((issue) => issue.at?.file === join(directory, file) && issue.at.line === line);
        assert.ok(
          named.some((issue) => words.test(printIssue(issue)) && issue.remedy !== undefined),
          `${file}:${line} ${String(words)}\n${issues.map(printIssue).join("\n")}`,
        );
      }
    }));

  test(`the page as meant gives no warning, above ${name}`, () =>
    inDirectory((directory) => {
      cpSync(stock, directory, { recursive: true });
      cpSync(join(fixtures, "as-meant"), directory, { recursive: true });
      const told = issuesOf(directory).filter(({ level }) => level !== "notice");
      assert.deepEqual(told.map(printIssue), []);
    }));
}

let oracle: Oracle;
before(() => {
  if (missing === false) oracle = startOracle();
});
after(() => oracle?.end());

for (const page of ["as-printed", "as-meant"]) {
  test(`the page ${page} above Debian's files gives the original's stream`, { skip: missing }, () =>
    inDirectory(async (directory) => {
      cpSync(join(tree, "etc/fail2ban"), directory, { recursive: true });
      cpSync(join(fixtures, page), directory, { recursive: true });
      assert.deepEqual(ourDump(directory), theirDump(await oracle.client(["-c", directory, "-d"])));
    }),
  );
}

/** The page's own way: a copy of the whole jail.conf as jail.local, edited in place. */
function editInPlace(directory: string, stock: string): void {
  const printed = readFileSync(join(fixtures, "as-meant/jail.local"), "utf8");
  const [, defaults = "", sshd = ""] = /\[DEFAULT\]\n(.*?)\n\[sshd\]\n(.*)$/s.exec(printed) ?? [];
  const keys = (text: string): string[] => text.split("\n").flatMap((line) => /^([\w.]+)\s*=/.exec(line)?.[1] ?? []);
  const edited = (section: string, text: string): string => {
    const names = keys(text);
    const kept = section
      .split("\n")
      .filter((line) => !names.some((key) => line.startsWith(`${key} `) || line.startsWith(`${key}=`)));
    return `${kept.join("\n")}\n${text}`;
  };
  const sections = readFileSync(join(stock, "jail.conf"), "utf8").split(/^(?=\[)/m);
  const whole = sections.map((section) =>
    section.startsWith("[DEFAULT]")
      ? edited(section, defaults)
      : section.startsWith("[sshd]")
        ? edited(section, sshd)
        : section,
  );
  writeFileSync(join(directory, "jail.local"), `# Paramètres de récidive\n${whole.join("\n")}`);
}

test("a copy of jail.conf edited in place gives the same stream as the small jail.local", () =>
  inDirectory(async (large) =>
    inDirectory((small) => {
      const [, stock = ""] = STOCKS.at(-1) ?? [];
      for (const directory of [large, small]) cpSync(stock, directory, { recursive: true });
      editInPlace(large, stock);
      cpSync(join(fixtures, "as-meant/jail.local"), join(small, "jail.local"));
      assert.equal(ourDump(large).stream, ourDump(small).stream);
    }),
  ));
