import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { folder, regex, write } from "./regex.fixture.ts";

describe("--explain", () => {
  test("tells what the date took, how far each expression came, and what it wanted there", async () => {
    const { out } = await regex(["--explain", "-c", folder, "2026-11-22 08:56:30 Denied joe 192.0.2", "web.conf"]);
    for (const line of out.split("\n")) assert.ok([...line].length <= 80, line);
    assert.match(out, /"2026-11-22 08:56:30" is 2026-11-22 08:56:30, by the template/);
    assert.match(out, /web\.conf:5\n/);
    assert.match(out, /matches " Denied joe 192\.0\.2"?/);
    assert.match(out, /No failregex matches this line\./);
  });

  test("is one object as JSON", async () => {
    const { out } = await regex([
      "--explain",
      "--json",
      "-c",
      folder,
      "2026-11-22 08:56:30 Denied joe 192.0.2.1",
      "web.conf",
    ]);
    const told = JSON.parse(out) as Record<string, unknown>;
    assert.equal(told["verdict"], "failure");
    assert.equal(told["message"], " Denied joe 192.0.2.1");
    const [first] = told["failregex"] as readonly Record<string, unknown>[];
    assert.deepEqual([first?.["matched"], first?.["from"], first?.["to"], first?.["expected"]], [true, 0, 21, ""]);
    assert.deepEqual(
      (told["failures"] as readonly { id: string }[]).map(({ id }) => id),
      ["192.0.2.1"],
    );
  });

  test("says so when an ignoreregex takes the line, or nothing is found at all", async () => {
    assert.match(
      (await regex(["--explain", "-c", folder, "Denied friend 192.0.2.1", "web.conf"])).out,
      /An ignoreregex takes/,
    );
    assert.match((await regex(["--explain", "x", "from <HOST>"])).out, /none of the templates finds one/);
  });
});

describe("lint", () => {
  test("names doubtful expressions with file and line on standard error", async () => {
    const { err, out } = await regex(["--lint", "-c", folder, "x", "web.conf"]);
    assert.match(err, /^.*web\.conf:6: failregex 2: a greedy part before the address takes anything/m);
    assert.doesNotMatch(out, /greedy/);
    assert.equal((await regex(["-c", folder, "x", "web.conf"])).err, "");
  });
});

describe("an expression that needs too many steps", () => {
  test("is skipped for that line only, and named on standard error", async () => {
    const lines = [`${"a".repeat(3001)}yx from 192.0.2.2`, "abccbayx from 192.0.2.1"];
    const log = write("hostile.log", `${lines.join("\n")}\n`);
    const { out, err } = await regex(["-o", "ip", log, String.raw`^(\w*)(\w*)(\w*)\3\2\1yx from <ADDR>$`]);
    assert.match(err, /^failregex 1 needed too many steps for 1 lines and was skipped for these$/m);
    assert.equal(out, "192.0.2.1\n");
  });
});
