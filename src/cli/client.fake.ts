/** A client within the test's own process, and a server with a desk that only tells what was asked of it. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before } from "node:test";
import type { Plain } from "../base/index.ts";
import { respond, serveControl, type Answer, type ControlServer } from "../api/control/index.ts";
import { fakeDesk } from "../api/control/desk.fake.ts";
import { runClient } from "./client.ts";
import type { Io } from "./io.ts";

export const folder = mkdtempSync(join(tmpdir(), "f2b-client-"));
export const conf = join(folder, "conf");
export const socket = join(folder, "s.sock");
export const desk = fakeDesk("sshd", "web");
let server: ControlServer;
let next: Answer | undefined;

/** Is answered to the next request instead of what the desk would say. */
export function answerOnce(answer: Answer): void {
  next = answer;
}

before(async () => {
  mkdirSync(join(conf, "filter.d"), { recursive: true });
  mkdirSync(join(conf, "action.d"), { recursive: true });
  writeFileSync(
    join(conf, "fail2ban.conf"),
    `[Definition]\nsocket = ${socket}\npidfile = ${folder}/pid\nlogtarget = STDERR\ndbfile = None\n`,
  );
  writeFileSync(
    join(conf, "jail.conf"),
    `[sshd]\nenabled = true\nbackend = polling\nfilter = f\nlogpath = ${folder}/log\naction = a\n[off]\nenabled = false\n`,
  );
  writeFileSync(join(conf, "filter.d/f.conf"), "[Definition]\nfailregex = ^x <HOST>$\n");
  writeFileSync(join(conf, "action.d/a.conf"), "[Definition]\nactionban = true\n");
  writeFileSync(join(folder, "log"), "");
  const answer = (request: Plain): Answer | Promise<Answer> => {
    const given = next;
    next = undefined;
    return given ?? respond(desk, request, "all");
  };
  server = await serveControl({ at: { path: socket }, answer, say: () => {} });
});
after(async () => {
  await server.close(10);
  rmSync(folder, { recursive: true, force: true });
});

export interface Run {
  readonly code: number;
  readonly out: string;
  /** Without time and process number. */
  readonly err: string;
}

/** @param line the words behind the program's name */
export async function client(
  line: string,
  more: { readonly terminal?: boolean; readonly typed?: readonly string[]; readonly base?: readonly string[] } = {},
): Promise<Run> {
  let out = "";
  let err = "";
  const typed = [...(more.typed ?? [])];
  const io: Io = {
    out: (text) => void (out += text),
    err: (text) => void (err += text),
    terminal: more.terminal ?? false,
    unicode: true,
    pid: 4711,
    env: {},
    readLine: (prompt) => {
      out += prompt;
      return Promise.resolve(typed.shift() ?? null);
    },
    spawnServer: () => Promise.reject(new Error("no server is started here")),
    serve: () => Promise.reject(new Error("no server is started here")),
  };
  const code = await runClient([...(more.base ?? ["-c", conf]), ...line.split(" ").filter((word) => word !== "")], io);
  return { code, out, err: err.replaceAll(/^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d,\d{3} /gm, "") };
}

/** A line of the client's log. */
export const nok = (text: string): string => `fail2ban                [4711]: ERROR   ${text}\n`;
