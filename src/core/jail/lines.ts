/** Chunk → the lines of one jail, in its encoding; a line that does not fit it is told of once a day (engine.md §1.1). */
import type { Chunk, Instant, Said } from "../../base/index.ts";
import type { FilterSettings } from "../filter/index.ts";
import { encodingOf, Faults, readLine, splitChunk, type Encoding } from "../line/index.ts";
import type { JailWorld } from "./world.ts";

export class Lines {
  readonly #world: JailWorld;
  readonly #tell: (said: Said) => void;
  readonly #faults = new Faults();
  #encoding: Encoding;

  constructor(settings: FilterSettings, world: JailWorld, tell: (said: Said) => void) {
    this.#world = world;
    this.#tell = tell;
    this.#encoding = this.#encodingOf(settings);
  }

  change(settings: FilterSettings): void {
    this.#encoding = this.#encodingOf(settings);
  }

  of(chunk: Chunk, now: Instant): readonly string[] {
    const { texts, faulty } = splitChunk(chunk.bytes, this.#encoding);
    if (faulty !== null)
      for (const said of this.#faults.report(chunk.source, this.#encoding.name, faulty, now)) this.#tell(said);
    return texts;
  }

  /** One raw line as text. */
  text(raw: string): string {
    return readLine(raw, this.#encoding);
  }

  get end(): string {
    return this.#encoding.lineEnd;
  }

  /** An unknown encoding was refused before it came here; UTF-8 stands in. */
  #encodingOf(settings: FilterSettings): Encoding {
    return encodingOf(settings.logencoding, this.#world.encoding) ?? UTF8;
  }
}

const UTF8: Encoding = { name: "UTF-8", codec: "utf8", kind: "ascii", lineEnd: "\n" };
