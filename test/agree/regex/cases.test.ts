/** fail2ban-regex asked in all its ways, on small logs of our own: output, and exit status, as the original's. */
import assert from "node:assert/strict";
import { readdirSync } from "node:fs";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { oracleConfig } from "../../oracle.ts";
import { without } from "../../skips.ts";
import { askOurs, evened, startOracle, type Oracle } from "./oracle.ts";

const skip = without("oracle");
const home = join(import.meta.dirname, "../../..");
const base = "test/fixtures/regex";
let oracle: Oracle;

before(() => {
  process.chdir(home);
  if (skip === false) oracle = startOracle();
});
after(() => oracle?.end());

async function compare(args: readonly string[]): Promise<void> {
  const theirs = await oracle.ask(args);
  const ours = await askOurs(args);
  const said = `fail2ban-regex ${args.join(" ")}\n${ours.err}${theirs.err}`;
  assert.equal(evened(ours.out), evened(theirs.out), said);
  assert.equal(ours.code, theirs.code, said);
}

/** `log` and what else: a log or filter of our own by name. */
function log(name: string): string {
  return `${base}/${name}.log`;
}
const OWN = ["-c", base];
const LINE = "2026-11-22 08:56:34 Failed from 1.1.1.1";
const USER = String.raw`^\s*(?:Failed from|Bad (?:<F-USER>\S+</F-USER>)) <HOST>$`;
const ALL = ["--print-all-matched", "--print-all-ignored", "--print-all-missed"];

const REPORTS: Readonly<Record<string, readonly (readonly string[])[]>> = {
  "of one expression": [
    [log("mixed"), String.raw`^\s*Failed from <HOST>$`],
    [log("mixed"), USER, "bob"],
    ["-v", log("mixed"), USER, "bob"],
    ["--VD", log("mixed"), USER],
    ["-D", log("mixed"), USER, "bob"],
    ["-c", "/nowhere", "-vv", log("mixed"), "from <HOST>"],
    [log("blanks"), "x <HOST>"],
    ["/dev/null/x", "x <HOST>"],
  ],
  "of a filter with sessions": [
    [...OWN, "-v", ...ALL, log("sessions"), "sessions"],
    [...OWN, "-vv", "--no-check-all", log("sessions"), "sessions[mode=foo]"],
    [...OWN, "-L", "3", "-v", ...ALL, log("sessions"), "sessions"],
    [...OWN, "-L", "3", log("sessions"), "sessions"],
  ],
  "of sessions of which nobody is known, and of two expressions for one line": [
    [...OWN, "-v", ...ALL, log("quiet"), "quiet"],
    [...OWN, "-v", "-o", "row", log("quiet"), "quiet"],
  ],
  "of ids that are no addresses": [
    [...OWN, "-o", "row", log("ids"), "ids"],
    ["-r", "-o", "id", "2026-11-22 08:00:00 fail 192.0.2.77/24", String.raw`fail <F-ID>\S+</F-ID>$`],
    ["-r", "-o", "id", "2026-11-22 08:00:00 fail [2001:DB8::0:1]", String.raw`fail <F-ID>\S+</F-ID>$`],
  ],
  "of a filter of which several expressions match": [
    [...OWN, "-v", ...ALL, log("several"), "several"],
    [...OWN, "-v", "--no-check-all", ...ALL, log("several"), "several"],
    [...OWN, "-v", "--usedns", "no", log("several"), "several"],
    [...OWN, "-v", "-r", log("mixed"), USER],
    [...OWN, "-v", ...ALL, log("plain"), "plain", " b "],
    [...OWN, "-D", ...ALL, log("plain"), "plain", "a joe"],
  ],
  "of lines that are searched together": [
    [...OWN, "-v", ...ALL, log("lines"), "lines"],
    [...OWN, log("many-lines"), "lines"],
    [...OWN, ...ALL, log("many-lines"), "lines"],
    [...OWN, "-L", "3", ...ALL, log("many-lines"), "lines"],
    [...OWN, "-L", "2", log("lines"), "lines"],
    [...OWN, "-v", ...ALL, log("lines"), "lines-ignored"],
    [...OWN, "--no-check-all", ...ALL, log("many-lines"), "lines-ignored"],
  ],
  "with limits of lines": [
    [log("twenty-one"), "x <HOST>"],
    ["-L", "5", log("twenty-one"), "x <HOST>"],
    ["-L", "22", log("twenty-one"), "x <HOST>"],
    ["--print-all-missed", log("twenty-one"), "x <HOST>"],
    ["--print-no-missed", log("twenty-one"), "x <HOST>"],
    ["--print-no-ignored", log("mixed"), USER, "bob"],
    ["-D", log("twenty-one"), "x <HOST>"],
  ],
  "with options of the filter": [
    [...OWN, "-vv", log("plain"), "options"],
    [...OWN, "-L", "7", "-d", "%Y-%m-%d", log("plain"), "options"],
    [...OWN, log("plain"), "options[maxlines=3]"],
    [...OWN, "-m", "_SYSTEMD_UNIT=x.service", log("plain"), "options"],
  ],
  "with dates": [
    ["-d", "%Y", "--TZ", "UTC+0200", log("mixed"), USER],
    ["-d", "{^LN-BEG}", log("mixed"), USER],
    ["-d", "%Y-%m-%d %H:%M:%S\n{^LN-BEG}", "--VD", log("mixed"), USER],
    ["-d", "%Y-%m-%d %H:%M:%S\n{^LN-BEG}", "-v", log("mixed"), USER],
    ["-v", "--TZ", "UTC+0200", log("mixed"), USER],
    ["-v", "Nov  2 08:56:34 from 192.0.2.77 joe", "from <ADDR>"],
    ["-v", "1795337794.250 from 192.0.2.77 joe", "from <ADDR>"],
    ["-v", "Nov 30 28:56:34 from 192.0.2.77 joe", "from <ADDR>"],
  ],
  "of other encodings": [
    ["-e", "latin1", "--print-all-matched", log("encoding"), String.raw`\w <ADDR>`],
    ["-e", "utf-8", "--print-all-matched", log("encoding"), String.raw`\w <ADDR>`],
    [log("encoding"), "<HOST>"],
  ],
  "of a text": [
    [LINE, "Failed from <HOST>"],
    ["   ", "from <ADDR>"],
    ["", "from <ADDR>"],
    [base, "<HOST>"],
    ["-L", "3", LINE, "from <ADDR>"],
    ["-L", "-1", LINE, "from <ADDR>"],
    ["-o", "<ip><br><fid><sp>x", LINE, "from <HOST>"],
    ["-o", "", LINE, "from <HOST>"],
    ["-d", "", LINE, "from <HOST>"],
    [
      `a\nb 192.0.2.1\n\n#c\n${LINE}\n${LINE} and much more text than fits into the line\ne\nf`,
      String.raw`^\s*b <HOST>`,
    ],
    [
      `${LINE} and a text that is cut here`,
      "Failed from <HOST>  and a very long expression follows here",
      "ignore <HOST> a very long expression follows here to be cut",
    ],
    [
      `${LINE} 01234567890`,
      "Failed from <HOST>  0123456789012345678901234567890123",
      "01234567890123456789012345678901234567890123456789012",
    ],
  ],
  "of filters in other places": [
    [...OWN, log("plain"), "plain.conf"],
    [...OWN, log("plain"), `${base}/filter.d/plain.conf`],
    [...OWN, log("plain"), `./${base}/filter.d/plain.conf[a=b,c="d e"]`],
    [...OWN, log("plain"), `${home}/${base}/other/filter.d/w.conf`],
    [...OWN, log("plain"), `${base}/other/filter.d/w`],
    [...OWN, log("plain"), `${base}/foreign/foreign.conf`],
    [...OWN, log("plain"), `${base}/foreign/foreign.conf[pre=a]`],
    ["-c", `${base}/filter.d`, log("plain"), "plain"],
    ["-c", `${base}/`, log("plain"), "plain"],
  ],
};

for (const [what, cases] of Object.entries(REPORTS)) {
  test(`prints the original's report ${what}`, { skip }, async () => {
    for (const args of cases) await compare(args);
  });
}

const FORMS = ["row", "id", "fid", "ip", "msg", "matches", "user", "users", "dns", "ip4", "nosuch", "ID", "host"];
const TEXTS = [
  "<ip> <F-USER> <fid>",
  "<ip>|<F-USER>|<time>|<msg>|<matches>|<F-ID>|<nosuch>|<fid>|<F-MATCHES>|<F-IP4>",
  "<family> <ip-rev> <failures> <bancount> <restored> <ip-host>",
  "<F-*> <raw-ticket>",
  String.raw`a\nb<ip>`,
];
const OUTS: readonly (readonly string[])[] = [
  [...OWN, log("sessions"), "sessions"],
  [...OWN, log("several"), "several"],
  [...OWN, "-r", log("plain"), "plain"],
  [...OWN, log("lines"), "lines"],
  [...OWN, log("plain"), "plain"],
  [log("mixed"), USER, "bob"],
  ["2026-11-22 08:56:34 from 127.0.0.1 joe,x", String.raw`from <HOST> <F-TUPLE_ID>\w+</F-TUPLE_ID>,<F-ID>\w+</F-ID>`],
  ["2026-11-22 08:56:34 from 127.0.0.1 joe", String.raw`from <HOST> <F-ID>\w+</F-ID>`],
  ["2026-11-22T08:56:34+0100 from 192.0.2.77 joe", "from <ADDR>"],
  ["2026-11-22 08:56:34 from 127.0.0.1 joe", String.raw`from <HOST> <F-ALT_USER>\w+</F-ALT_USER>`],
  ['2026-11-22 08:56:34 it\'s "$HOME" `x` <ip> \\ from 127.0.0.1', "from <HOST>"],
  ["from 127.0.0.1", "from <HOST>"],
];

test("prints failures in every form that -o has", { skip }, async () => {
  for (const [index, args] of OUTS.entries()) {
    const forms = index < 2 ? [...FORMS, ...TEXTS] : ["row", "ip", "matches", ...TEXTS];
    for (const out of forms) await compare(["-o", out, ...args]);
  }
  for (const out of FORMS) await compare(["-o", out, "2026-11-22 08:56:34 from 192.0.2.77/24 joe", "from <SUBNET>"]);
});

const REFUSALS: readonly (readonly string[])[] = [
  [log("plain"), "nosuch"],
  [log("plain"), "nosuch.conf"],
  [log("plain"), "nosuch[a"],
  [log("plain"), "nosuch[a]"],
  [log("plain"), "plain [a=b]"],
  [log("plain"), "plain[a=b]x"],
  [log("plain"), "a (<ADDR>"],
  [log("plain"), "<F-ID>*</F-ID>"],
  [log("plain"), ""],
  [log("plain"), "a <HOST>", ""],
  [log("plain"), "a <HOST>", "b("],
  ["-o", "row", log("plain"), "nosuch"],
  ["-o", "row", "--TZ", "foo", log("plain"), "a <HOST>"],
  ["--TZ", "foo", log("plain"), "a <HOST>"],
  ["-d", "%q", log("plain"), "a <HOST>"],
  ["-e", "foo", log("plain"), "a <HOST>"],
];

test("refuses what the original refuses, in its words", { skip }, async () => {
  for (const args of REFUSALS) await compare([...OWN, ...args]);
});

const COMMAND_LINES: readonly (readonly string[])[] = [
  ["--foo", "a", "b"],
  ["-Z", "a", "b"],
  ["--print", "a", "b"],
  ["-L"],
  ["--config"],
  ["-L", "x", "a", "b"],
  ["--maxlines=x", "a", "b"],
  ["--raw=1", "a", "b"],
  ["a"],
  ["a", "b", "c", "d"],
  [],
  ["--print-no-missed", "--print-all-missed", "a", "b"],
  ["--print-no-ignored", "--print-all-ignored", "a", "b"],
];

test("says of a wrong command line what the original says", { skip }, async () => {
  for (const args of COMMAND_LINES) {
    const [theirs, ours] = [await oracle.ask(args), await askOurs(args)];
    assert.equal(ours.code, theirs.code, args.join(" "));
    assert.equal(ours.err, theirs.err, args.join(" "));
  }
});

test("takes options anywhere and cut short", { skip }, async () => {
  await compare([log("mixed"), "--ou", "id", USER]);
  await compare(["-vrL3", log("mixed"), USER]);
  await compare([log("mixed"), USER, "-o", "id", "bob"]);
  await compare(["-o", "id", "--", log("mixed"), USER]);
  await compare([`--out=<ip>`, log("mixed"), USER]);
});

/** Lines that real daemons wrote, and the filters of Debian's package for them. */
const samples = readdirSync(join(home, "test/samples"))
  .filter((name) => name.endsWith(".log"))
  .map((name) => ({ path: `test/samples/${name}`, filter: name.slice(0, -".log".length) }))
  .filter(({ filter }) => existsSync(`${oracleConfig}/filter.d/${filter}.conf`));

test("prints of lines that real daemons wrote what the original prints", { skip }, async (t) => {
  for (const [index, { path, filter }] of samples.entries()) {
    const from = ["-c", oracleConfig, "--usedns", "no"];
    await compare([...from, "-v", ...ALL, path, `${filter}.conf`]);
    const out = index % 2 === 0 ? "row" : "<ip> <F-USER> <time>: <msg>";
    await compare([...from, "-o", out, path, `${filter}.conf`]);
  }
  t.diagnostic(`${samples.length} logs`);
});
