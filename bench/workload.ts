/**
 * Writes the logs that the benches read: the same seed, kind, length and end give the same bytes.
 *
 *     sh scripts/with-node.sh bench/workload.ts <auth|web|mail> <file> [--lines 1000000] [--share 0.05] [--end <seconds>] [--seed 42]
 *
 * `share` is the share of lines that an attacker causes, helpers such as "Connection closed" among them. The lines spread evenly over
 * the 24 hours up to `end`, in UTC. Prints the sum of the file.
 */
import { createHash } from "node:crypto";
import { closeSync, openSync, readFileSync, writeFileSync, writeSync } from "node:fs";
import { parseArgs } from "node:util";
import { authAttacks, authEveryday } from "./workload/auth.ts";
import { Chance, sceneOf, type Scene } from "./workload/chance.ts";
import { mailAttacks, mailEveryday } from "./workload/mail.ts";
import { webAttacks, webEveryday } from "./workload/web.ts";

export type Kind = "auth" | "web" | "mail";

export interface Workload {
  readonly kind: Kind;
  readonly lines: number;
  readonly share: number;
  /** Seconds since 1970 of the last line. */
  readonly end: number;
  readonly seed: number;
}

export interface Written extends Workload {
  readonly path: string;
  readonly bytes: number;
  /** Lines that an attacker caused. */
  readonly attacks: number;
  readonly sha256: string;
}

const SPAN = 86_400;
const BLOCK = 1 << 20;
const HOST = "web1";

const SCENES: Readonly<Record<Kind, { readonly attacks: readonly Scene[]; readonly everyday: readonly Scene[] }>> = {
  auth: { attacks: authAttacks, everyday: authEveryday },
  web: { attacks: webAttacks, everyday: webEveryday },
  mail: { attacks: mailAttacks, everyday: mailEveryday },
};

export function writeWorkload(path: string, workload: Workload): Written {
  const hash = createHash("sha256");
  const file = openSync(path, "w");
  let [bytes, attacks, block] = [0, 0, ""];
  const flush = (): void => {
    const buffer = Buffer.from(block, "latin1");
    hash.update(buffer);
    writeSync(file, buffer);
    bytes += buffer.length;
    block = "";
  };
  try {
    for (const { line, isAttack } of linesOf(workload)) {
      block += line;
      if (isAttack) attacks += 1;
      if (block.length >= BLOCK) flush();
    }
    flush();
  } finally {
    closeSync(file);
  }
  return { ...workload, path, bytes, attacks, sha256: hash.digest("hex") };
}

function* linesOf({ kind, lines, share, end, seed }: Workload): Generator<{ line: string; isAttack: boolean }> {
  const chance = new Chance(seed);
  const { attacks, everyday } = SCENES[kind];
  let [count, caused] = [0, 0];
  while (count < lines) {
    const isAttack = caused < share * count;
    const scene = sceneOf(isAttack ? attacks : everyday, chance);
    for (const text of scene?.lines(chance) ?? []) {
      if (count === lines) return;
      count += 1;
      if (isAttack) caused += 1;
      yield { line: stamped(kind, text, Math.floor(end - SPAN + (count / lines) * SPAN)), isAttack };
    }
  }
}

let lastSecond = NaN;
let lastStamp = "";

/** @param second since 1970 */
function stamped(kind: Kind, text: string, second: number): string {
  if (second !== lastSecond) {
    lastSecond = second;
    // Sun, 22 Nov 2026 15:37:49 GMT
    const [, day = "", month = "", year = "", time = ""] = new Date(second * 1000).toUTCString().split(" ");
    lastStamp = `${day} ${month} ${year} ${time}`;
  }
  const [day = "", month = "", year = "", time = ""] = lastStamp.split(" ");
  if (kind === "web") return `${text.replace("{date}", `${day}/${month}/${year}:${time} +0000`)}\n`;
  return `${month} ${day.replace(/^0/, " ")} ${time} ${HOST} ${text}\n`;
}

/** A failure that no workload holds, to come behind one: who finds it has read all before it. Each filter finds one line of it. */
export function sentinel(kind: Kind, who: string, second: number): string {
  const texts: Readonly<Record<Kind, readonly string[]>> = {
    auth: [`sshd[99]: Failed password for root from ${who} port 22 ssh2`],
    web: [`${who} - - [{date}] "GET /wp-login.php HTTP/1.1" 404 150 "-" "-"`],
    mail: [
      `postfix/smtpd[99]: warning: unknown[${who}]: SASL LOGIN authentication failed: authentication failure`,
      `dovecot: pop3-login: Aborted login (auth failed, 1 attempts in 2 secs): user=<x>, method=LOGIN, rip=${who}, lip=10.0.0.2, session=<x>`,
    ],
  };
  return texts[kind].map((text) => stamped(kind, text, Math.floor(second))).join("");
}

/** Copies the first lines of a file. @returns the sum of the copy */
export function headOf(from: string, to: string, lines: number): string {
  const text = readFileSync(from);
  let end = 0;
  for (let count = 0; count < lines; count += 1) {
    const next = text.indexOf(10, end);
    if (next < 0) break;
    end = next + 1;
  }
  const head = text.subarray(0, end);
  writeFileSync(to, head);
  return createHash("sha256").update(head).digest("hex");
}

function main(): void {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      lines: { type: "string", default: "1000000" },
      share: { type: "string", default: "0.05" },
      end: { type: "string", default: String(Math.floor(Date.now() / 1000)) },
      seed: { type: "string", default: "42" },
    },
  });
  const [kind, path] = positionals;
  if ((kind !== "auth" && kind !== "web" && kind !== "mail") || path === undefined)
    throw new Error("give a kind (auth, web, mail) and a file");
  const [lines, share, end, seed] = [values.lines, values.share, values.end, values.seed].map(Number);
  if (lines === undefined || share === undefined || end === undefined || seed === undefined) return;
  console.log(JSON.stringify(writeWorkload(path, { kind, lines, share, end, seed })));
}

if (import.meta.main) main();
