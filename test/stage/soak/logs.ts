/** Logs that are written at full speed and rotated in every way, as long as a soak lasts. */
import {
  appendFileSync,
  copyFileSync,
  existsSync,
  renameSync,
  rmSync,
  statSync,
  truncateSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";

/** Bytes at which a log is rotated, and how many old ones are kept. */
const ROTATE_AT = 4 * 1024 * 1024;
const KEPT = 2;
/** Lines written at a time. */
const BLOCK = 1500;
/** Attackers that take turns. */
const POOL = 2000;

/** One line of a daemon's log, of an attack or not. */
type Maker = (at: string, who: string, isAttack: boolean) => string;

const sshd: Maker = (at, who, isAttack) =>
  `${at}+00:00 web1 sshd[${1000 + (who.length % 7)}]: ${isAttack ? "Failed" : "Accepted"} password for root from ${who} port 40312 ssh2\n`;
const web: Maker = (at, who, isAttack) => `${at}Z ${isAttack ? "Failed" : "Welcome"} from ${who}\n`;

/** Where lines of which kind are written. */
const LOGS: readonly (readonly [name: string, make: Maker])[] = [
  ["sshd.txt", sshd],
  ["web.txt", web],
  ["glob-1.txt", web],
  ["glob-2.txt", web],
];

export class Logs {
  readonly #folder: string;
  readonly #random: () => number;
  lines = 0;
  rotations = 0;

  constructor(folder: string, random: () => number) {
    this.#folder = folder;
    this.#random = random;
    for (const [name] of LOGS) writeFileSync(join(folder, name), "");
  }

  /** Appends a block of lines to one of the logs, one in twenty an attack, and rotates it when it is long enough. */
  write(): void {
    const [name, make] = LOGS[Math.floor(this.#random() * LOGS.length)] ?? ["sshd.txt", sshd];
    const path = join(this.#folder, name);
    const at = new Date().toISOString().slice(0, 19);
    let text = "";
    for (let i = 0; i < BLOCK; i += 1) text += make(at, this.#someone(), i % 20 === 0);
    appendFileSync(path, text);
    this.lines += BLOCK;
    if (statSync(path).size > ROTATE_AT) this.#rotate(path);
  }

  #someone(): string {
    const n = Math.floor(this.#random() * POOL);
    return n % 5 === 0 ? `2001:db8:${n.toString(16)}::1` : `198.18.${n >> 8}.${n & 255}`;
  }

  #rotate(path: string): void {
    rmSync(`${path}.${KEPT}`, { force: true });
    for (let i = KEPT - 1; i >= 1; i -= 1)
      if (existsSync(`${path}.${i}`)) renameSync(`${path}.${i}`, `${path}.${i + 1}`);
    if (this.#random() < 0.5) {
      renameSync(path, `${path}.1`);
      writeFileSync(path, "");
    } else {
      copyFileSync(path, `${path}.1`);
      truncateSync(path);
    }
    this.rotations += 1;
  }
}
