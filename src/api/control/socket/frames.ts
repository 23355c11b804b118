/** Bytes of a connection → payloads, cut at the end marker wherever packets may split it (config-cli.md §5.2). Knows nothing of what is inside. */

export const END = Buffer.from("<F2B_END_COMMAND>", "latin1");
/** A payload that says: this connection is done. */
export const CLOSE = Buffer.from("<F2B_CLOSE_COMMAND>", "latin1");

/** A payload grew beyond the limit before its end came. */
export class FrameTooLong extends Error {
  constructor(limit: number) {
    super(`message is longer than ${limit} bytes`);
    this.name = "FrameTooLong";
  }
}

/** One direction of one connection. */
export class FrameCutter {
  readonly #limit: number;
  #held: Buffer = Buffer.alloc(0);
  /** Bytes of `#held` that are filled. */
  #length = 0;
  /** Bytes in which surely no marker begins. */
  #searched = 0;

  /** @param limit bytes of one payload. */
  constructor(limit: number) {
    this.#limit = limit;
  }

  /** Bytes of a payload whose end has not come. */
  get pending(): number {
    return this.#length;
  }

  push(chunk: Buffer): void {
    if (this.#length + chunk.length > this.#held.length) {
      const bigger = Buffer.allocUnsafe(Math.max(this.#held.length * 2, this.#length + chunk.length));
      this.#held.copy(bigger, 0, 0, this.#length);
      this.#held = bigger;
    }
    this.#length += chunk.copy(this.#held, this.#length);
  }

  /** @returns the next whole payload, or null until more bytes come. @throws FrameTooLong once, after which nothing more can be cut. */
  next(): Buffer | null {
    const filled = this.#held.subarray(0, this.#length);
    const at = filled.indexOf(END, this.#searched);
    if (at > this.#limit || (at < 0 && this.#length > this.#limit + END.length)) throw new FrameTooLong(this.#limit);
    if (at < 0) {
      this.#searched = Math.max(0, this.#length - END.length + 1);
      return null;
    }
    const payload = Buffer.from(filled.subarray(0, at));
    const rest = at + END.length;
    this.#length -= rest;
    // What is left moves into a buffer of its own size: a long payload's memory is not kept for the short ones after it.
    this.#held = Buffer.from(filled.subarray(rest));
    this.#searched = 0;
    return payload;
  }
}
