import assert from "node:assert/strict";
import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, describe, test } from "node:test";
import type { Said } from "../../base/index.ts";
import type { Job } from "./job.ts";
import { OUTPUT_MAX } from "./output.ts";
import { shellRunner } from "./run.ts";
import { watchOnlyRunner } from "./watch-only.ts";

const folder = mkdtempSync(join(tmpdir(), "f2brun-"));
after(() => rmSync(folder, { recursive: true, force: true }));

async function run(text: string, change: Partial<Job> & { values?: readonly string[] } = {}) {
  const said: Said[] = [];
  const runner = shellRunner({ log: (one) => said.push(one) });
  const begun = performance.now();
  const ran = await runner.run({
    script: { text, values: change.values ?? [] },
    input: null,
    timeout: 20,
    quiet: false,
    ...change,
  });
  return {
    ...ran,
    took: performance.now() - begun,
    said: said.map(({ level, text: line }) => `${level} ${line.replace(/^[0-9a-f]+ -- /, "")}`),
  };
}

describe("a script", () => {
  test("succeeds with status 0 of its last command", async () => {
    const ran = await run("false; true");
    assert.deepEqual(
      [ran.ok, ran.status, ran.said],
      [true, 0, ["TRACE exec: false; true", "DEBUG returned successfully 0"]],
    );
  });

  test("that fails is logged with its output, in the original's words", async () => {
    const ran = await run('echo out; printf "a\\033[1m\\nb\\377\\n\\n" >&2; exit 3');
    assert.equal(ran.ok, false);
    assert.deepEqual(ran.said.slice(1), [
      "ERROR stdout: 'out'",
      "ERROR stderr: 'a\\x1b[1m'",
      "ERROR stderr: 'b\\\\xff'",
      "ERROR stderr: ''",
      "ERROR returned 3",
    ]);
  });

  const endings: readonly [text: string, said: string][] = [
    ["kill -9 $$", "ERROR killed with SIGKILL (return code: -9)"],
    ["exit 143", "ERROR killed with SIGTERM (return code: 143)"],
    ["exit 200", "ERROR killed with signal 72 (return code: 200)"],
  ];
  for (const [text, said] of endings)
    test(`that ends by ${text} is said to be ${said}`, async () => assert.equal((await run(text)).said.at(-1), said));

  test("whose command does not exist gets a hint", async () => {
    const ran = await run("no-such-program-f2b");
    assert.equal(ran.status, 127);
    assert.match(ran.said.at(-1) ?? "", /^INFO HINT on 127: "Command not found"/);
  });

  test("that only asks is logged at DEBUG however it ends", async () => {
    const ran = await run("echo no; exit 1", { quiet: true });
    assert.ok(
      ran.said.every((line) => line.startsWith("DEBUG")),
      ran.said.join(),
    );
  });

  test("may succeed with other statuses", async () => {
    assert.equal((await run("exit 1", { accept: [0, 1] })).ok, true);
    assert.equal((await run("exit 2", { accept: [0, 1] })).ok, false);
  });

  test("finds its values as positional parameters and is shown with them as a list", async () => {
    const ran = await run('f2bV_a=$0 f2bV_b=$1 \necho "$f2bV_a|$f2bV_b"; false', { values: ["it's\n$(x)", "two"] });
    assert.equal(ran.stdout, "it's\n$(x)|two\n");
    assert.equal(
      ran.said[0],
      `ERROR exec: ['f2bV_a=$0 f2bV_b=$1 \\necho "$f2bV_a|$f2bV_b"; false', "it's\\n$(x)", 'two']`,
    );
  });

  test("reads its orders from the standard input, else finds it empty", async () => {
    assert.equal((await run("cat", { input: "one\ntwo\n" })).stdout, "one\ntwo\n");
    assert.equal((await run("cat; echo end")).stdout, "end\n");
    assert.equal((await run("true", { input: "x".repeat(1 << 20) })).ok, true);
  });

  test("that prints more than a pipe holds does not hang, and what is beyond the limit is counted", async () => {
    const ran = await run("head -c 500000 /dev/zero | tr '\\0' x; head -c 300000 /dev/zero | tr '\\0' y >&2; exit 1");
    assert.equal(ran.status, 1);
    assert.deepEqual([ran.stdout.length, ran.stderr.length], [OUTPUT_MAX, OUTPUT_MAX]);
    assert.ok(ran.said.includes(`ERROR stdout: ${500_000 - OUTPUT_MAX} bytes more, not shown`));
  });

  test("may open its outputs by name", async () => {
    const ran = await run(
      "echo one > /dev/stdout; echo two > /dev/stderr; echo three >&2; head -c 100000 /dev/zero | tr '\\0' x >> /dev/stdout; exit 1",
    );
    assert.deepEqual([ran.status, ran.stderr], [1, "two\nthree\n"]);
    assert.equal(ran.stdout.length, OUTPUT_MAX);
    assert.match(ran.stdout, /^one\nx/);
  });

  test("does not wait for a child in the background that keeps the outputs open", async () => {
    const ran = await run("sleep 3 & echo now");
    assert.ok(ran.took < 2000, `${ran.took} ms`);
    assert.equal(ran.stdout, "now\n");
  });

  test("is ended with its whole group at the timeout, also what ignores the first signal", async () => {
    const pids = join(folder, "pids");
    const stubborn = `sh -c 'trap "" TERM; echo $$ >> ${pids}; while :; do sleep 0.05; done'`;
    const ran = await run(`${stubborn} & echo $$ >> ${pids}; ${stubborn}`, { timeout: 0.5 });
    assert.deepEqual([ran.ok, ran.timedOut], [false, true]);
    assert.ok(ran.took < 5000);
    assert.ok(ran.said.some((line) => line === "ERROR timed out after 0.5 seconds."));
    for (const pid of readFileSync(pids, "utf8").trim().split("\n")) await gone(Number(pid));
  });

  test("that cannot be started fails with the reason", async () => {
    const ran = await run("true", { values: ["x".repeat(200_000)] });
    assert.deepEqual([ran.ok, ran.status], [false, null]);
    assert.match(ran.said.join(), /failed with Error: spawn E2BIG/);
  });

  test("runs beside others: a slow one holds nobody up", async () => {
    const runner = shellRunner({ log: () => {} });
    const job = (text: string): Job => ({ script: { text, values: [] }, input: null, timeout: 20, quiet: false });
    const slow = runner.run(job(`while [ ! -e ${folder}/go ]; do sleep 0.02; done`));
    assert.equal((await runner.run(job(`touch ${folder}/go`))).ok, true);
    assert.equal((await slow).ok, true);
  });
});

test("a hand that only watches runs nothing and remembers what it would have run", async () => {
  const said: Said[] = [];
  const runner = watchOnlyRunner((one) => said.push(one));
  const job: Job = { script: { text: `touch ${folder}/never`, values: [] }, input: null, timeout: 1, quiet: false };
  assert.equal((await runner.run(job)).ok, true);
  assert.deepEqual(runner.jobs, [job]);
  assert.equal(existsSync(`${folder}/never`), false);
  assert.match(said[0]?.text ?? "", /^only watching, not run: touch /);
  await runner.run({ ...job, quiet: true });
  assert.deepEqual(
    said.map(({ level }) => level),
    ["INFO", "DEBUG"],
    "checks, of which there are many, are told where debugging only",
  );
});

async function gone(pid: number): Promise<void> {
  const deadline = Date.now() + 5000;
  while (Date.now() < deadline) {
    if (!existsSync(`/proc/${pid}`) || readFileSync(`/proc/${pid}/stat`, "utf8").includes(") Z ")) return;
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
  assert.fail(`process ${pid} is still there`);
}
