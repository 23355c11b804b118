/**
 * Chunk → the lines of one jail, in its encoding; a line that does not fit it is told of once a day (engine.md §1.1).
 *
 * Of a container's log the lines that the container printed; what is no record there is told of once for each file.
 */
import type { Chunk, Instant, Said } from "../../base/index.ts";
import type { FilterSettings } from "../filter/index.ts";
import {
  ContainerLines,
  encodingOf,
  Faults,
  isPlain,
  readLine,
  splitChunk,
  type Lines as ChunkLines,
  type Encoding,
  type Printed,
} from "../line/index.ts";
import { say } from "../report/index.ts";
import type { JailWorld } from "./world.ts";

/** Files whose unfinished lines are kept and whose faults are remembered; with one more, those of the oldest are forgotten. */
const CONTAINERS_LIMIT = 10_000;

interface Container {
  readonly lines: ContainerLines;
  /** It was told that it holds something else than records. */
  isFaulty: boolean;
}

export class Lines {
  readonly #world: JailWorld;
  readonly #tell: (said: Said) => void;
  readonly #faults = new Faults();
  readonly #containers = new Map<string, Container>();
  #encoding: Encoding;
  #format: FilterSettings["logformat"];

  constructor(settings: FilterSettings, world: JailWorld, tell: (said: Said) => void) {
    this.#world = world;
    this.#tell = tell;
    this.#encoding = this.#encodingOf(settings);
    this.#format = settings.logformat;
  }

  change(settings: FilterSettings): void {
    this.#encoding = this.#encodingOf(settings);
    this.#format = settings.logformat;
  }

  /** Its lines are records of a container's log: see `printed`. */
  get areRecords(): boolean {
    return this.#format === "json-file";
  }

  /** All of the chunk is ASCII and means itself. */
  arePlain({ bytes, ascii }: Chunk): boolean {
    return isPlain(bytes, this.#encoding, ascii ?? null);
  }

  /** @param plain what `arePlain` says, where it was asked */
  of(chunk: Chunk, now: Instant, plain = this.arePlain(chunk)): ChunkLines {
    const lines = splitChunk(chunk.bytes, this.#encoding, plain);
    const { faulty } = lines;
    if (faulty !== null)
      for (const said of this.#faults.report(chunk.source, this.#encoding.name, faulty, now)) this.#tell(said);
    return lines;
  }

  /** The lines that a container printed, as far as they are finished. */
  printed(chunk: Chunk, now: Instant): readonly Printed[] {
    const container = this.#container(chunk.source);
    const printed: Printed[] = [];
    for (const line of this.of(chunk, now).texts) {
      const text = line.slice(0, -1);
      const read = container.lines.read(text);
      if (read === null) this.#noRecord(container, chunk.source, text);
      else if (read !== "begun") printed.push(read);
    }
    return printed;
  }

  /** One raw line as text. */
  text(raw: string): string {
    return readLine(raw, this.#encoding);
  }

  /** What a raw line says of itself: a container's log has the time beside the text. */
  one(raw: string): Printed {
    const text = this.text(raw);
    const read = this.areRecords ? new ContainerLines().read(text) : null;
    return read === null || read === "begun" ? { text, at: null } : read;
  }

  get end(): string {
    return this.#encoding.lineEnd;
  }

  #container(source: string): Container {
    const known = this.#containers.get(source);
    if (known !== undefined) return known;
    const [oldest] = this.#containers.keys();
    if (oldest !== undefined && this.#containers.size >= CONTAINERS_LIMIT) this.#containers.delete(oldest);
    const container = { lines: new ContainerLines(), isFaulty: false };
    this.#containers.set(source, container);
    return container;
  }

  #noRecord(container: Container, source: string, text: string): void {
    if (container.isFaulty) return;
    container.isFaulty = true;
    this.#tell(say.noRecord(source, text));
  }

  /** An unknown encoding was refused before it came here; UTF-8 stands in. */
  #encodingOf(settings: FilterSettings): Encoding {
    return encodingOf(settings.logencoding, this.#world.encoding) ?? UTF8;
  }
}

const UTF8: Encoding = { name: "UTF-8", codec: "utf8", kind: "ascii", lineEnd: "\n" };
