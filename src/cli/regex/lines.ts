/**
 * Lines of one kind, kept for the end of the report: the first ones up to the limit, or all. Many are written to a temporary file
 * that has no name any more, so that a log of any size can be listed.
 */
import { closeSync, mkdtempSync, openSync, readSync, rmSync, writeSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { StringDecoder } from "node:string_decoder";
import { detach } from "../../base/index.ts";

/** Characters kept in memory; what is more goes to the file. */
const MEMORY = 1_048_576;
const PIECE = 65_536;

export class LineList {
  /** Lines of this kind, kept or not. */
  count = 0;
  readonly #limit: number;
  #kept: string[] = [];
  #size = 0;
  #file: number | null = null;

  /** @param limit lines kept; Infinity: all, 0: none */
  constructor(limit: number) {
    this.#limit = limit;
  }

  /** Whether more lines would be kept. */
  get wants(): boolean {
    return this.count < this.#limit;
  }

  /** @param line with its line feed */
  add(line: string): void {
    this.count += 1;
    if (this.count > this.#limit) return;
    this.#kept.push(detach(line.slice(0, -1)));
    this.#size += line.length;
    if (this.#size > MEMORY) this.#spill();
  }

  /** Takes one line, with its line feed, out again that has turned out to be of another kind; of equal ones the first that is in memory. */
  remove(line: string): void {
    const at = this.#kept.indexOf(line.slice(0, -1));
    if (at >= 0) this.#kept.splice(at, 1);
    this.count -= 1;
  }

  /** All that were kept, in order. To be asked for once. */
  *lines(): Generator<string> {
    if (this.#file !== null) {
      yield* spilled(this.#file);
      closeSync(this.#file);
      this.#file = null;
    }
    yield* this.#kept;
  }

  #spill(): void {
    this.#file ??= namelessFile();
    writeSync(
      this.#file,
      this.#kept.map((text) => `${text.replaceAll("\\", "\\\\").replaceAll("\n", "\\n")}\n`).join(""),
    );
    this.#kept = [];
    this.#size = 0;
  }
}

function namelessFile(): number {
  const folder = mkdtempSync(join(tmpdir(), "fail2ban-regex-"));
  try {
    return openSync(join(folder, "lines"), "wx+", 0o600);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

function* spilled(file: number): Generator<string> {
  const buffer = Buffer.allocUnsafe(PIECE);
  const decoder = new StringDecoder("utf8");
  let rest = "";
  for (let place = 0; ;) {
    const read = readSync(file, buffer, 0, PIECE, place);
    if (read === 0) break;
    place += read;
    const texts = (rest + decoder.write(buffer.subarray(0, read))).split("\n");
    rest = texts.pop() ?? "";
    for (const text of texts) yield text.replaceAll(/\\([\\n])/g, (_, char: string) => (char === "n" ? "\n" : "\\"));
  }
}
