/** Reads the arguments of opcodes from the bytes of a pickle: numbers, counted bytes, lines. Says in Python's words where they end too early. */
import { PickleError } from "./limits.ts";

/** Digits of a number written out (protocol 0), and bytes of a long one: enough for every number that means something here. */
const DIGITS = 400;

export class Cursor {
  readonly #bytes: Buffer;
  #at = 0;

  constructor(bytes: Buffer) {
    this.#bytes = bytes;
  }

  opcode(): number {
    const opcode = this.#bytes[this.#at];
    if (opcode === undefined) throw new PickleError("Ran out of input");
    this.#at += 1;
    return opcode;
  }

  take(count: number): Buffer {
    if (count < 0 || count > this.#bytes.length - this.#at) throw new PickleError("pickle data was truncated");
    this.#at += count;
    return this.#bytes.subarray(this.#at - count, this.#at);
  }

  u8(): number {
    return this.take(1).readUInt8();
  }

  u16(): number {
    return this.take(2).readUInt16LE();
  }

  u32(): number {
    return this.take(4).readUInt32LE();
  }

  i32(): number {
    return this.take(4).readInt32LE();
  }

  /** A count of eight bytes; what no buffer can hold is cut to what surely is too much. */
  u64(): number {
    return Number(this.take(8).readBigUInt64LE());
  }

  double(): number {
    return this.take(8).readDoubleBE();
  }

  /** A text argument up to the line feed. */
  line(): Buffer {
    const end = this.#bytes.indexOf(0x0a, this.#at);
    if (end < 0) throw new PickleError("pickle data was truncated");
    const line = this.#bytes.subarray(this.#at, end);
    this.#at = end + 1;
    return line;
  }

  /** A whole number in digits; Python 2 puts an `L` behind long ones. */
  decimal(): number {
    const text = this.word().replace(/L$/, "");
    if (text.length > DIGITS || !/^[-+]?\d+$/.test(text)) throw new PickleError("could not convert string to int");
    return Number(text);
  }

  /** Opcode `I`: a whole number, or a boolean, written `01` and `00`. */
  integer(): number | boolean {
    const start = this.#at;
    const text = this.word();
    if (text === "01" || text === "00") return text === "01";
    this.#at = start;
    return this.decimal();
  }

  /** A text argument without blanks around it. */
  word(): string {
    return this.line().toString("latin1").trim();
  }

  /** A whole number of `count` bytes, two's complement, the lowest first. */
  long(count: number): number {
    if (count > DIGITS) throw new PickleError(`integer of more than ${DIGITS} bytes`);
    const bytes = Buffer.from(this.take(count)).reverse();
    if (bytes.length === 0) return 0;
    return Number(BigInt.asIntN(count * 8, BigInt(`0x${bytes.toString("hex")}`)));
  }
}

const UTF8 = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });

/** UTF-8 as Python pickles it; unpaired surrogates, which Python lets pass, become U+FFFD; anything else that is no UTF-8 is refused. */
export function utf8(bytes: Buffer): string {
  try {
    return UTF8.decode(bytes);
  } catch {
    const text = bytes.toString("latin1");
    for (let at = 0; at < text.length; at = SEQUENCE.lastIndex) {
      SEQUENCE.lastIndex = at;
      if (!SEQUENCE.test(text))
        throw new PickleError(
          `'utf-8' codec can't decode byte 0x${bytes.toString("hex", at, at + 1)} in position ${at}: invalid start byte`,
        );
    }
    return bytes.toString("utf8");
  }
}

/** ASCII, or one character of several bytes (surrogates among them). */
const SEQUENCE = /[\x00-\x7f]{1,1000}|[\xc2-\xdf][\x80-\xbf]|[\xe0-\xef][\x80-\xbf]{2}|[\xf0-\xf4][\x80-\xbf]{3}/y;

/** The escapes of opcode `V`: Python's raw-unicode-escape. */
export function rawUnicode(line: Buffer): string {
  return line
    .toString("latin1")
    .replace(/\\u([0-9a-fA-F]{4})|\\U(00(?:0[0-9a-fA-F]|10)[0-9a-fA-F]{4})/g, (_, short?: string, long?: string) =>
      String.fromCodePoint(Number.parseInt(short ?? long ?? "0", 16)),
    );
}

/** The quoted text of opcode `S`: Python 2's `repr`. */
export function quoted(line: Buffer): string {
  const text = line.toString("latin1").trim();
  const quote = text[0] ?? "";
  if (text.length < 2 || !`'"`.includes(quote) || !text.endsWith(quote))
    throw new PickleError("the STRING opcode argument must be quoted");
  const raw = text.slice(1, -1).replace(/\\(x[0-9a-fA-F]{2}|[0-7]{1,3}|.)/g, (whole, escape: string) => {
    if (escape.startsWith("x")) return String.fromCharCode(Number.parseInt(escape.slice(1), 16));
    if (/^[0-7]/.test(escape)) return String.fromCharCode(Number.parseInt(escape, 8) & 255);
    return ESCAPES[escape] ?? whole;
  });
  return utf8(Buffer.from(raw, "latin1"));
}

const ESCAPES: Readonly<Record<string, string>> = {
  n: "\n",
  r: "\r",
  t: "\t",
  "\\": "\\",
  "'": "'",
  '"': '"',
  a: "\x07",
  b: "\b",
  f: "\f",
  v: "\v",
};
