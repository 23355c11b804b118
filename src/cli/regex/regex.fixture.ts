/** A configuration, and fail2ban-regex run within the test. */
import { mkdtempSync, mkdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before } from "node:test";
import { runRegexProgram } from "../regex.ts";

export let folder = "";

const WEB = `[Definition]
mode = normal
_normal = Denied
_strict = (?:Denied|Odd)
failregex = ^\\s*<_<mode>> <F-USER>\\S+</F-USER> <HOST>$
            ^.* from <HOST>.*
ignoreregex = friend
datepattern = {^LN-BEG}
`;

const JAILS = `[DEFAULT]
[web]
enabled = false
filter = web[mode=normal]
backend = systemd
logpath = /nowhere/access.log
action = nosuchaction
[lost]
filter = nosuchfilter
`;

before(() => {
  folder = mkdtempSync(join(tmpdir(), "fail2ban-regex-test-"));
  mkdirSync(join(folder, "filter.d"));
  write("fail2ban.conf", "[Definition]\n");
  write("filter.d/web.conf", WEB);
  write("jail.conf", JAILS);
});
after(() => rmSync(folder, { recursive: true }));

export function write(name: string, content: string | Uint8Array): string {
  const path = join(folder, name);
  writeFileSync(path, content);
  return path;
}

export interface Said {
  readonly code: number;
  readonly out: string;
  readonly err: string;
}

export async function regex(args: readonly string[], terminal = false): Promise<Said> {
  let out = "";
  let err = "";
  const code = await runRegexProgram(args, {
    out: (text) => void (out += text),
    err: (text) => void (err += text),
    terminal,
    unicode: true,
    pid: 1,
    env: {},
    readLine: () => Promise.resolve(null),
    spawnServer: () => Promise.reject(new Error("no server")),
    serve: () => Promise.reject(new Error("no server")),
  });
  return { code, out, err };
}

export const LINES =
  "2026-11-22 08:56:30 Denied joe 192.0.2.1\n2026-11-22 08:56:31 Odd eve 192.0.2.2\n\n# no line\n2026-11-22 08:56:32 nothing\n";
