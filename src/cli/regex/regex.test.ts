import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { gzipSync } from "node:zlib";
import { folder, LINES, regex, write } from "./regex.fixture.ts";

describe("a jail's name", () => {
  test("is looked for before a filter's, whether the jail is enabled or has its log or its action", async () => {
    const { out, code } = await regex(["-c", folder, write("a.log", LINES), "web"]);
    assert.match(out, /^Use {13}jail : web$/m);
    assert.match(out, /^\|   1\) \[1\] \^\\s\*Denied/m);
    assert.match(out, /^Lines: 3 lines, 0 ignored, 1 matched, 2 missed$/m);
    assert.equal(code, 0);
  });

  test("takes options in brackets over those of the jail's filter", async () => {
    const { out } = await regex(["-vv", "-c", folder, write("a.log", LINES), "web[mode=strict]"]);
    assert.match(out, /^Use jail\/flt options : \{'mode': 'strict'\}$/m);
    assert.match(out, /^Real {2}filter options : \{.*'mode': 'strict'.*'backend': 'auto'\}$/m);
    assert.match(out, /, 2 matched, 1 missed$/m);
  });

  test("is refused when its filter cannot be read", async () => {
    const { out, code } = await regex(["-c", folder, "line", "lost"]);
    assert.match(out, /^ERROR: Failed to get jail for 'lost'$/m);
    assert.equal(code, 255);
  });

  test("is not meant where a file's name is given", async () => {
    const { out } = await regex(["-c", folder, "line", "web.conf[mode=strict]"]);
    assert.match(out, new RegExp(`^Use {6}filter file : web, basedir: ${folder}$`, "m"));
    assert.match(out, /^Use {3}filter options : \{'mode': 'strict'\}$/m);
  });

  test("keeps its jail's ignoreregex, unless another is given", async () => {
    const friend = "2026-11-22 08:56:30 Denied friend 192.0.2.1";
    assert.match((await regex(["-c", folder, friend, "web"])).out, /1 ignored, 0 matched/);
    assert.match((await regex(["-c", folder, friend, "web", "other"])).out, /0 ignored, 1 matched/);
  });
});

describe("a log", () => {
  test("may be compressed", async () => {
    const plain = await regex(["-o", "row", write("b.log", LINES), "Denied <F-USER>\\S+</F-USER> <HOST>"]);
    const packed = await regex([
      "-o",
      "row",
      write("b.log.gz", gzipSync(LINES)),
      "Denied <F-USER>\\S+</F-USER> <HOST>",
    ]);
    assert.match(plain.out, /192\.0\.2\.1/);
    assert.equal(packed.out, plain.out);
  });

  test("that is damaged ends the run with the reason", async () => {
    const { code, err } = await regex([write("c.log.gz", gzipSync(LINES.repeat(100)).subarray(0, 50)), "from <HOST>"]);
    assert.equal(code, 1);
    assert.match(err, /unexpected end of file/);
  });

  test("is read to its last line, though that has no end", async () => {
    const { out } = await regex(["-o", "ip", write("d.log", "x from 192.0.2.1\nx from 192.0.2.2"), "from <HOST>$"]);
    assert.equal(out, "192.0.2.1\n192.0.2.2\n");
  });

  test("of longer lines than the limit is read with these cut off, and that is said", async () => {
    const long = `x from 192.0.2.1 ${"a".repeat(200_000)} from 192.0.2.9`;
    const bytes = `${long}\ny from 192.0.2.2\n${long}\nz from 192.0.2.3\n`;
    const { out, err } = await regex(["-o", "ip", write("e.log", bytes), "from <HOST>"]);
    assert.equal(out, "192.0.2.1\n192.0.2.2\n192.0.2.1\n192.0.2.3\n");
    assert.match(err, /^2 lines are longer than 65536 characters/);
  });

  test("in a wide encoding is cut at its own line ends", async () => {
    const text = "\u010a from 192.0.2.1\nb from 192.0.2.2\n".repeat(5000);
    const { out } = await regex([
      "-e",
      "utf-16le",
      "-o",
      "ip",
      write("f.log", Buffer.from(text, "utf16le")),
      "from <HOST>",
    ]);
    assert.equal(out, "192.0.2.1\n192.0.2.2\n".repeat(5000));
  });

  test("of many missed lines is listed whole when that is asked for", async () => {
    const lines = Array.from({ length: 60_000 }, (_, i) => `line ${i} \\n ${"ä".repeat(10)}`);
    const { out } = await regex(["--print-all-missed", write("g.log", `${lines.join("\n")}\n`), "from <HOST>"]);
    const listed = out.slice(out.indexOf("|- Missed line(s):\n") + 19).split("\n");
    assert.deepEqual(
      listed.slice(0, 60_000),
      lines.map((line) => `|  ${line}`),
    );
    assert.equal(listed[60_000], "`-");
  });
});

describe("--json", () => {
  test("prints an object for each failure, with physical line numbers, and a summary", async () => {
    const { out } = await regex([
      "--json",
      write("h.log", `\n# x\n${LINES}`),
      "(?:Denied|Odd) <F-USER>\\S+</F-USER> <HOST>",
    ]);
    const [first, second, last, ...rest] = out
      .split("\n")
      .map((line): unknown => (line === "" ? "" : JSON.parse(line)));
    assert.deepEqual(first, {
      line: 3,
      time: Date.parse("2026-11-22T08:56:30Z") / 1000 + new Date("2026-11-22T08:56:30Z").getTimezoneOffset() * 60,
      id: "192.0.2.1",
      ip: "192.0.2.1",
      rule: 0,
      fields: { user: "joe", ip4: "192.0.2.1" },
      matches: ["2026-11-22 08:56:30 Denied joe 192.0.2.1"],
    });
    assert.equal((second as { line: number }).line, 4);
    const { seconds, ...summary } = (last as { summary: Record<string, number> }).summary;
    assert.deepEqual(summary, { lines: 3, ignored: 0, matched: 2, missed: 1 });
    assert.equal(typeof seconds, "number");
    assert.deepEqual(rest, [""]);
  });

  test("gives null for what a failure has not", async () => {
    const { out } = await regex(["--json", "by joe", "by <F-ID>\\w+</F-ID>"]);
    const { time, id, ip } = JSON.parse(out.split("\n")[0] ?? "") as Record<string, unknown>;
    assert.deepEqual([time, id, ip], [null, "joe", null]);
  });
});

describe("--now", () => {
  for (const [now, year] of [
    ["1577836800", 2019],
    ["2020-01-01T00:00:00+01:00", 2019],
    ["2020-12-31T00:00:00Z", 2020],
  ] as const) {
    test(`${now} makes a date without a year one of ${year}`, async () => {
      const { out } = await regex(["--now", now, "-o", "<time>", "Nov 22 08:56:30 from 192.0.2.1", "from <HOST>"]);
      assert.equal(new Date(Number(out) * 1000).getFullYear(), year);
    });
  }

  test("refuses a moment without offset", async () => {
    const { out, code } = await regex(["--now", "2020-01-01T00:00:00", "x", "from <HOST>"]);
    assert.equal(out, "ERROR: Not a moment: '2020-01-01T00:00:00'\n");
    assert.equal(code, 255);
  });
});

describe("-i", () => {
  test("prints with -o the lines that are no failure", async () => {
    const log = write("i.log", LINES);
    assert.equal(
      (await regex(["-i", "-o", "msg", log, "Denied \\S+ <HOST>"])).out,
      "2026-11-22 08:56:31 Odd eve 192.0.2.2\n2026-11-22 08:56:32 nothing\n",
    );
    assert.match(
      (await regex(["-i", "-o", "row", log, "(?:Denied|Odd) \\S+ <HOST>"])).out,
      /^\['',\t\d+\.0,\t\{'fid': ''\}\],\n$/,
    );
  });
});

describe("the output", () => {
  test("shows control characters as escapes on a terminal, and leaves them elsewhere", async () => {
    const line = "from 192.0.2.1 \u001b[2J\u202e";
    assert.equal((await regex(["-o", "msg", line, "from <HOST>"], true)).out, "from 192.0.2.1 \\x1b[2J\\u202e\n");
    assert.equal((await regex(["-o", "msg", line, "from <HOST>"])).out, `${line}\n`);
  });

  test("has help for every option, in 80 columns", async () => {
    const { out, code } = await regex(["--help"]);
    assert.equal(code, 0);
    for (const option of ["--config", "--datepattern", "-L", "--json", "--now", "--explain", "--lint", "--invert"])
      assert.ok(out.includes(option), option);
    for (const line of out.split("\n")) assert.ok(line.length <= 80, line);
  });

  test("tells the version", async () => {
    assert.match((await regex(["--version"])).out, /^fail2ban-regex 1\.1\.2/);
    assert.match((await regex(["-V"])).out, /^1\.1\.2/);
  });

  test("tells of log messages only from the level that is asked for", async () => {
    const args = ["Nov 30 28:56:34 from 192.0.2.77", "from <ADDR>"];
    assert.doesNotMatch((await regex(args)).out, /failed to parse/);
    assert.match(
      (await regex(["-l", "error", ...args])).out,
      /^[\d-]+ [\d:,]+ fail2ban\.filter {9}\[1\]: ERROR {2}E: findFailure failed to parse timeText/m,
    );
    const { code, err } = await regex(["-l", "loud", ...args]);
    assert.equal(code, 1);
    assert.equal(err, "ValueError: Invalid log level 'loud'\n");
  });
});
