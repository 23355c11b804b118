import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { existsSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, test } from "node:test";
import { Refusal, type Said } from "../../../base/index.ts";
import { openLink } from "./link.ts";
import { groupNumber, takeInheritedSocket } from "./place.ts";
import { echo, folder, open, serve } from "./serve.fake.ts";
import { serveControl } from "./serve.ts";

/** Opens the socket as systemd does: listens, then becomes the server, with the socket as descriptor 3. */
const MANAGER = `
import os, socket, sys
listener = socket.socket(socket.AF_UNIX)
listener.bind(sys.argv[1] + ".new")
listener.listen()
os.rename(sys.argv[1] + ".new", sys.argv[1])
os.dup2(listener.fileno(), 3)
os.set_inheritable(3, True)
program = """
const { serveControl, takeInheritedSocket, Row } = await import(process.argv[1]);
const server = await serveControl({ at: { fd: takeInheritedSocket(process.env, process.pid) }, answer: () => new Row(0, "pong"), say: () => {} });
process.stdin.on("end", () => server.close(10)).resume();
"""
os.environ.update(LISTEN_FDS="1", LISTEN_PID=str(os.getpid()))
os.execv(sys.argv[2], [sys.argv[2], "--input-type=module", "-e", program, sys.argv[3]])
`;

describe("the socket's place", () => {
  test("is for its owner only", async () => {
    const before = process.umask(0);
    const { path } = await serve(echo);
    process.umask(before);
    assert.equal(statSync(path).mode & 0o777, 0o700);
  });

  test("may be for a group, too", { skip: process.geteuid?.() === 0 ? false : "needs root" }, async () => {
    const { path } = await serve(echo, { mode: 0o660, group: 1234 });
    const { mode, gid, uid } = statSync(path);
    assert.deepEqual([mode & 0o777, gid, uid], [0o660, 1234, 0]);
  });

  test("is gone after the end", async () => {
    const { path, close } = await serve(echo);
    await close();
    assert.equal(existsSync(path), false);
  });

  test("that is taken is refused; by force it is taken over", async () => {
    const path = join(folder, "taken.sock");
    writeFileSync(path, "");
    const said: Said[] = [];
    const options = { at: { path }, answer: echo, say: (line: Said) => said.push(line) };
    await assert.rejects(serveControl(options), new Refusal("Exception", "Server already running"));
    const server = await serveControl({ ...options, force: true });
    await server.close();
    assert.deepEqual(
      said.map(({ level, text }) => `${level} ${text}`),
      [
        "ERROR Fail2ban seems to be already running",
        "ERROR Fail2ban seems to be already running",
        "WARNING Forcing execution of the server",
      ],
    );
  });

  test("has its folder made, but not the folder's folder", async () => {
    const server = await serveControl({ at: { path: join(folder, "new", "x.sock") }, answer: echo, say: () => {} });
    await server.close();
    await assert.rejects(
      serveControl({ at: { path: join(folder, "a", "b", "x.sock") }, answer: echo, say: () => {} }),
      /ENOENT/,
    );
  });

  const python = ["/usr/bin/python3", "/usr/local/bin/python3"].find((path) => existsSync(path));
  test(
    "may have been opened by the service manager, and then stays",
    { skip: python === undefined && "needs python3, which plays systemd" },
    async () => {
      const path = join(folder, "inherited.sock");
      const child = spawn(python ?? "", ["-c", MANAGER, path, process.execPath, import.meta.resolve("../index.ts")], {
        stdio: ["pipe", "inherit", "inherit"],
      });
      const ended = new Promise((resolve) => child.on("exit", resolve));
      open.push(() => void child.kill());
      while (!existsSync(path)) await new Promise((resolve) => setTimeout(resolve, 5));
      const link = await openLink(path);
      assert.deepEqual(await link.ask(["ping"]), { is: "value", value: "pong" });
      await link.close();
      child.stdin.end();
      await ended;
      assert.equal(existsSync(path), true);
    },
  );

  const inherited: readonly [what: string, env: Record<string, string>, fd: number | null][] = [
    ["nothing is inherited", {}, null],
    ["it is for somebody else", { LISTEN_FDS: "1", LISTEN_PID: "5" }, null],
    ["the first is taken", { LISTEN_FDS: "2", LISTEN_PID: "42" }, 3],
    ["the one with our name is taken", { LISTEN_FDS: "2", LISTEN_PID: "42", LISTEN_FDNAMES: "web:fail2ban" }, 4],
    [
      "a name without descriptor counts for nothing",
      { LISTEN_FDS: "1", LISTEN_PID: "42", LISTEN_FDNAMES: "web:fail2ban" },
      3,
    ],
    ["none are passed", { LISTEN_FDS: "0", LISTEN_PID: "42" }, null],
  ];
  for (const [what, env, fd] of inherited)
    test(`socket activation: ${what}`, () => {
      assert.equal(takeInheritedSocket(env, 42), fd);
      if (fd !== null) assert.deepEqual(env, {});
    });

  test("a group is found by its name or its number", () => {
    const file = join(folder, "group");
    writeFileSync(file, "root:x:0:\nadm:x:4:syslog\nbroken:x\n");
    assert.deepEqual(
      ["adm", "4711", "nobody-here", "broken", "ad"].map((name) => groupNumber(name, file)),
      [4, 4711, null, null, null],
    );
  });
});
