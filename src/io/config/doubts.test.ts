import assert from "node:assert/strict";
import { test } from "node:test";
import { BASICS, filesOf } from "./memory.fixture.ts";
import { readConfiguration } from "./index.ts";

function told(jail: string, rest = ""): string[] {
  const reading = readConfiguration(
    filesOf(
      `${BASICS}--- jail.conf\n[DEFAULT]\nport = 1\nfilter = f\nbackend = systemd\naction = act[port="%(port)s"]\n--- action.d/act.conf\n[Definition]\nactionban = x <ip>\n${rest}--- jail.local\n${jail}`,
    ),
    "/etc/t",
    { version: "1" },
  );
  assert.equal(reading.fatal, null);
  return reading.issues
    .filter(({ level }) => level !== "error")
    .map(
      ({ at, level, message, remedy }) =>
        `${at?.file.replace("/etc/t/", "")}:${at?.line} ${level}: ${message} — ${remedy}`,
    );
}

const jail = (lines: string): string => `[a]\nenabled = true\n${lines}\n`;

test("a correct configuration is told nothing", () => {
  assert.deepEqual(
    told(
      jail(
        "port = ssh\nmode = x\ndestemail = a@b\ntcpport = 1\nbantime = 1h\nown = 5\nignorecommand = %(own)s\nmyapp_log = /x\nsshd_backend = auto",
      ),
    ),
    [],
  );
});

test("an option that nothing reads is told, with what was probably meant", () => {
  assert.deepEqual(told(jail("maxfailures = 5\nbantme = 1h\nfrobnicate = 1")), [
    'jail.local:3 warning: nothing reads the option "maxfailures" — did you mean maxretry?',
    'jail.local:4 warning: nothing reads the option "bantme" — did you mean bantime?',
    'jail.local:5 warning: nothing reads the option "frobnicate" — remove it, or refer to it with %(…)s',
  ]);
});

test("an option of fail2ban.conf in a jail is sent to its file, a slip in fail2ban.conf and in filters is told", () => {
  assert.match(told(jail("dbpurgeage = 30d"))[0] ?? "", /put it below \[Definition\] of fail2ban.local/);
  const rest =
    "--- fail2ban.local\n[Definition]\ndbpurgage = 30d\n--- filter.d/f.local\n[Definition]\nfailregexp = x\nother = y\n";
  assert.deepEqual(told(jail(""), rest), [
    'fail2ban.local:2 warning: nothing reads the option "dbpurgage" — did you mean dbpurgeage?',
    'filter.d/f.local:2 warning: nothing reads the option "failregexp" — did you mean failregex?',
  ]);
});

test("bantime.findtime is told what keeps the history", () => {
  assert.match(
    told(jail("bantime.findtime = 1w"))[0] ?? "",
    /^jail.local:3 warning: nothing reads the option "bantime.findtime" — there is no window .* dbpurgeage/,
  );
});

test("an option that only a tag or a reference of an enabled jail names counts as read", () => {
  assert.deepEqual(told(`[DEFAULT]\ncolour = red\n${jail("ignorecommand = %(colour)s")}`), []);
  assert.deepEqual(told(jail("shade = 1"), "actionunban = <shade>\n"), []);
});

test("a comment that became part of a value is told; where it is harmless, as a notice", () => {
  assert.deepEqual(told(jail("ignoreip = 192.0.2.1 # mine\nfindtime = 1d # one day\nusedns = no#glued")), [
    'jail.local:3 warning: the comment "# mine" is part of the value of ignoreip — put the comment on a line of its own, or begin it with a blank and ;',
    'jail.local:4 notice: the comment "# one day" is part of the value of findtime — put the comment on a line of its own, or begin it with a blank and ;',
  ]);
});

test("two options on one line are told", () => {
  assert.deepEqual(told(jail("bantime.factor = 2 # growth bantime.maxtime = 1y")), [
    'jail.local:3 warning: "bantime.maxtime = …" stands within the value of bantime.factor and has no effect — put bantime.maxtime on a line of its own',
  ]);
});

test("an expression whose backslashes were lost is told with the line it stands on; correct ones are not", () => {
  const lost = jail("failregex = ^ok \\S+ <HOST>\n   ^s?S+ host[d+]: d+ <HOST>");
  assert.match(
    told(lost).join("\n"),
    /^jail.local:4 warning: the backslashes of this failregex seem to be lost: it has "s\?S\+", which means the letters themselves — write \\s\?\\S\+/,
  );
  for (const fine of [
    "^users? <HOST>",
    "^[sS]+ure <HOST>",
    "https?://x <HOST>",
    "%(__prefix)s? <HOST>",
    "^a <F-USER>x</F-USER> <HOST>",
    "(?:s|S) <HOST>",
  ])
    assert.deepEqual(told(jail(`__prefix = x\nfailregex = ${fine}`)), [], fine);
});

test("a section on one line is told, and so is what was meant by it", () => {
  const filter = "--- filter.d/bots.conf\n[Definition]\nfailregex = ^S+ d+ <HOST>\n";
  const all = told("[bots] enabled = true filter = bots action = act\n[ok] ; comment\n[c] # comment\n", filter);
  assert.equal(all.length, 2);
  assert.match(all[0] ?? "", /^jail.local:1 warning: the whole section \[bots\] stands on one line/);
  assert.match(all[1] ?? "", /^filter.d\/bots.conf:2 warning: the backslashes/);
});

test("enabled with something behind it is told to be false", () => {
  assert.match(
    told("[a]\nenabled = true # yes\n").join("\n"),
    /^jail.local:2 warning: enabled = true # yes is read as false, the jail is not used/,
  );
});

test("a 256th of Docker's networks is a notice", () => {
  const all = told(jail("ignoreip = 172.17.0.0/24 172.16.0.0/24 172.17.0.0/16 10.0.0.0/24 172.20.5.0/24"));
  assert.deepEqual(
    all.map((text) => text.slice(0, 50)),
    ["jail.local:3 notice: 172.17.0.0/24 covers only 256", "jail.local:3 notice: 172.16.0.0/24 covers only 256"],
  );
});

test("bans that are forgotten before they can grow are a notice", () => {
  const growing = "bantime.increment = true\nbantime = ";
  assert.match(told(jail(`${growing}1d`)).join("\n"), /^jail.local:4 notice: bans are remembered for dbpurgeage = 1d/);
  assert.deepEqual(told(jail(`${growing}1h`)), []);
  assert.deepEqual(told(jail("bantime = 1w")), []);
});

test("an action that cannot work for IPv6 is a notice, one with a set for each family is not", () => {
  const bad =
    "--- action.d/set.conf\n[Definition]\nactionstart = ipset --create s nethash\nactionban = ipset add s <ip>/24\n";
  assert.match(
    told(jail("action = set"), bad).join("\n"),
    /^action.d\/set.conf:3 notice: this action cannot ban IPv6/m,
  );
  const good =
    "--- action.d/set.conf\n[Definition]\nactionstart = ipset create s hash:net <familyopt>\nactionban = ipset add s <ip>\n";
  assert.deepEqual(told(jail("action = set"), good), []);
});

test("an action that shuts out a whole network is a notice: two offenders in it share an entry", () => {
  const action = (ip: string): string => `--- action.d/set.conf\n[Definition]\nactionban = drop ${ip}\n`;
  assert.match(
    told(jail("action = set"), action("<ip>/48")).join("\n"),
    /^action.d\/set.conf:2 notice: this action shuts out the whole \/48 of an offender: two .* share one entry/m,
  );
  assert.doesNotMatch(told(jail("action = set"), action("<ip>/32")).join("\n"), /share one entry/);
  assert.deepEqual(told(jail("action = set"), action("<ip>")), []);
});

test("a Python module is a warning, but for the one that is offered natively", () => {
  assert.match(
    told(jail("action = act\n  badips.py[x=1]")).join("\n"),
    /^jail.local:4 warning: the action badips.py is a Python module and is not carried out/,
  );
  assert.deepEqual(told(jail("action = smtp.py[dest=a]")), []);
});

test("arguments in brackets and texts of the administrator's own are no options and no comments", () => {
  assert.deepEqual(
    told(
      jail(
        'banaction = act[type=multiport, bantime=0]\nmine = act[actname=tg, bantime="%(bantime)s"]\nsubject = ban, bantime = <bantime>\nchannel = #ops\ncolour = # ff0000\nsecret = ab #cd\nbantime = 1h\naction = %(banaction)s\n  act[actname=b, subject="ban # <failures>", x="%(mine)s %(subject)s %(channel)s %(colour)s %(secret)s"]',
      ),
    ),
    [],
  );
  assert.deepEqual(told(jail("destemail = a@b bantime = 1h")), [
    'jail.local:3 warning: "bantime = …" stands within the value of destemail and has no effect — put bantime on a line of its own',
  ]);
  assert.match(
    told(jail("mine = x # what I want\nignorecommand = %(mine)s"))[0] ?? "",
    /the comment "# what I want" is part of the value of mine/,
  );
});

test("a definition under another name, and a slip in an action", () => {
  const rest =
    "acitonunban = y\n--- filter.d/g.conf\n[Definitions]\nfailregex = ^x <HOST>$\n--- action.d/b.conf\n[definition]\nactionban = y <ip>\n";
  assert.deepEqual(told(`${jail("")}[b]\nenabled = true\nfilter = g\naction = b\n`, rest), [
    "filter.d/g.conf:1 warning: No section: 'Definition': this file does nothing — write [Definition] instead of [Definitions]",
    'action.d/act.conf:3 warning: nothing reads the option "acitonunban" — did you mean actionunban?',
    "action.d/b.conf:1 warning: No section: 'Definition': this file does nothing — write [Definition] instead of [definition]",
  ]);
});

test("a jail that is not used for a slip of the pen, and defaults that are a jail", () => {
  assert.deepEqual(told("[default]\nbantime = 1h\n[a]\nenable = true\n"), [
    "jail.local:1 warning: [default] is a jail like others, and no jail has its options — did you mean [DEFAULT]?",
    'jail.local:4 warning: nothing reads the option "enable", the jail is not used — did you mean enabled?',
  ]);
});

test("filters and actions may be named by their whole path", () => {
  const reading = readConfiguration(
    filesOf(
      `${BASICS}--- elsewhere/g.conf\n[Definition]\nfailregex = ^x <HOST>$\n--- elsewhere/b.conf\n[Definition]\nactionban = y <ip>\n--- jail.conf\n[a]\nenabled = true\nbackend = systemd\nfilter = /etc/t/elsewhere/g\naction = /etc/t/elsewhere/b[actname=b]\n`,
    ),
    "/etc/t//",
    { version: "1" },
  );
  assert.deepEqual(reading.issues, []);
  assert.deepEqual(reading.commands.find(({ words }) => words[2] === "addfailregex")?.words.at(-1), "^x <HOST>$");
});

test("options of jails in fail2ban.conf, and a comment in a value there", () => {
  const rest =
    "--- fail2ban.local\n[DEFAULT]\nbantime = 1h\n[Definition]\ndbfile = /x.sqlite3  # the database\nmaxretry = 3\n[sshd]\nenabled = true\n";
  assert.deepEqual(told(jail(""), rest), [
    'fail2ban.local:2 warning: nothing reads the option "bantime" here — it is an option of jails: put it into jail.local',
    'fail2ban.local:5 warning: nothing reads the option "maxretry" here — it is an option of jails: put it into jail.local',
    'fail2ban.local:7 warning: nothing reads the option "enabled" here — it is an option of jails: put it into jail.local',
    'fail2ban.local:4 warning: the comment "# the database" is part of the value of dbfile — put the comment on a line of its own, or begin it with a blank and ;',
  ]);
});

test("a directory for a log is told, and sent nevertheless", () => {
  assert.deepEqual(told(jail("backend = auto\nlogpath = /etc/t/filter.d")), [
    "jail.local:4 warning: /etc/t/filter.d is a directory, in which no line can be found — name the files in it, as /etc/t/filter.d/*.log",
  ]);
});
