/**
 * One jail: lines and commands in, effects out.
 *
 * Joins the rooms below: reads failures (filter), counts them (counting), and keeps the bans (cell). Touches nothing of the
 * world; what it must ask is an effect that is answered later.
 */
import type { Ban, Chunk, Entry, Instant, Refusal, Plain, Said } from "../../base/index.ts";
import type { Detector } from "../date/index.ts";
import { FilterReader } from "../filter/index.ts";
import { endOfLine, endOfText, ownLineOf } from "../line/index.ts";
import { say } from "../report/index.ts";
import { Cell } from "./cell.ts";
import { Counting } from "./counting.ts";
import { detectorOf } from "./detector.ts";
import type { Effect, Input } from "./effect.ts";
import { Lines } from "./lines.ts";
import type { JailSettings } from "./settings.ts";
import type { JailWorld } from "./world.ts";

/** How often, at most, offenders who have been quiet for `findtime` are forgotten (engine.md §4.4). */
const HOUSEKEEPING = 5;

export class Jail {
  readonly #world: JailWorld;
  #settings: JailSettings;
  #detector: Detector | null;
  readonly #reader: FilterReader;
  readonly #lines: Lines;
  readonly #counting: Counting;
  readonly #cell: Cell;
  #effects: Effect[] = [];
  #housekept: Instant = -Infinity;

  constructor(settings: JailSettings, world: JailWorld) {
    const tell = (effect: Effect): void => void this.#effects.push(effect);
    const sayIt = (said: Said): void => tell({ do: "say", said });
    this.#world = world;
    this.#settings = settings;
    this.#detector = detectorOf(settings.filter, world);
    const context = { jail: settings.name, checkTime: true, allRules: false, say: sayIt };
    this.#reader = new FilterReader(context, settings.filter, this.#detector, settings.findtime);
    this.#lines = new Lines(settings.filter, world, sayIt);
    this.#cell = new Cell(settings, world, tell);
    this.#counting = new Counting(settings, world, tell, {
      convict: (counted, now) => this.#cell.lockUp(counted, now),
      bannedUntil: (who) => this.#cell.bans.endOf(who.key),
    });
  }

  get settings(): JailSettings {
    return this.#settings;
  }

  /** Failures being counted and ever counted. */
  get failing(): { readonly current: number; readonly total: number } {
    return { current: this.#counting.tally.size, total: this.#counting.tally.total };
  }

  get cell(): Cell {
    return this.#cell;
  }

  /** Dates one raw line of a log, to find the place where reading begins; trains the date detector as the original does. */
  dateOf(raw: string, now: Instant): Instant | null {
    const { text, at } = this.#lines.one(raw);
    return at ?? this.#reader.dateOf(text, now);
  }

  /** The bytes that end a line of its logs, as latin1. */
  get lineEnd(): string {
    return this.#lines.end;
  }

  /** The one way in. @returns what is to be done, in order. */
  step(input: Input, now: Instant): readonly Effect[] {
    this.#effects = [];
    this.#take(input, now);
    if (now >= this.#housekept + HOUSEKEEPING) {
      this.#housekept = now;
      this.#counting.keepHouse(now);
    }
    this.#cell.arm();
    const effects = this.#effects;
    this.#effects = [];
    return effects;
  }

  #take(input: Input, now: Instant): void {
    switch (input.is) {
      case "chunk":
        return this.#chunk(input.chunk, now);
      case "entries":
        return this.#entries(input.entries, input.live, now);
      case "wake":
        return this.#cell.release(now);
      case "answer":
        return this.#counting.answer(input.id, input.answer, now);
      case "settings":
        return this.#change(input.settings);
      case "restore":
        return this.#restore(input.bans, now);
      case "attempt":
        return this.#counting.attempt(input.who, input.lines, now);
      case "banip":
        return this.#reply(this.#cell.banByHand(input.who, now));
      case "unbanip":
        return this.#reply(this.#cell.unbanByHand(input.who, input.reportAbsent));
      case "unban all":
        return this.#reply(this.#cell.flush(false));
      case "stop":
        this.#counting.stop();
        this.#cell.flush(true);
        return;
      default:
        return input satisfies never;
    }
  }

  #chunk(chunk: Chunk, now: Instant): void {
    if (this.#lines.areRecords) return this.#records(chunk, now);
    const plain = this.#lines.arePlain(chunk);
    if (plain && this.#reader.begin(chunk.bytes)) return this.#sift(chunk, now);
    const { texts, ascii } = this.#lines.of(chunk, now, plain);
    for (let at = 0; at < texts.length; at += 1) this.#line(texts[at] ?? "", ascii, now, chunk.live);
  }

  /** Most lines are passed over: they are never cut out of the chunk. */
  #sift({ bytes, live }: Chunk, now: Instant): void {
    for (let at = 0; at < bytes.length;) {
      const end = endOfLine(bytes, at);
      if (this.#reader.pass(bytes, at, endOfText(bytes, at, end), now, live) === "no")
        this.#line(ownLineOf(bytes, at, end), true, now, live);
      at = end;
    }
  }

  #line(line: string, ascii: boolean, now: Instant, live: boolean): void {
    try {
      const found = this.#reader.line(line, ascii, now, live);
      for (let at = 0; at < found.length; at += 1) {
        const one = found[at];
        if (one !== undefined) this.#counting.found(one, now);
      }
    } catch (cause) {
      this.#lost(line.slice(0, -1), cause);
    }
  }

  #records(chunk: Chunk, now: Instant): void {
    for (const printed of this.#lines.printed(chunk, now)) {
      try {
        for (const found of this.#reader.printed(printed, now, chunk.live)) this.#counting.found(found, now);
      } catch (cause) {
        this.#lost(printed.text, cause);
      }
    }
  }

  #entries(entries: readonly Entry[], live: boolean, now: Instant): void {
    for (const entry of entries) {
      try {
        for (const found of this.#reader.entry(entry, now, live)) this.#counting.found(found, now);
      } catch (cause) {
        this.#lost(entry.text, cause);
      }
    }
  }

  /** A line on which the program failed is told of; the next one is read: a bug stops here. */
  #lost(text: string, cause: unknown): void {
    this.#say(say.lineFailed(text, cause instanceof Error ? (cause.stack ?? cause.message) : String(cause)));
  }

  /** Ignore lists hold for bans of before too. */
  #restore(bans: readonly Ban[], now: Instant): void {
    const kept: Ban[] = [];
    for (const ban of bans) {
      const ignored = this.#counting.judge.lists.ignores(ban.who);
      if (ignored === null) kept.push(ban);
      else this.#say(say.ignored(this.#settings.name, ban.who.key, ignored.by));
    }
    this.#cell.restore(kept, now);
  }

  #change(settings: JailSettings): void {
    const before = this.#settings.filter;
    const { filter } = settings;
    this.#settings = settings;
    if (filter.datepattern !== before.datepattern || filter.logtimezone !== before.logtimezone)
      this.#detector = detectorOf(filter, this.#world);
    this.#reader.change(filter, this.#detector, settings.findtime);
    this.#lines.change(filter);
    this.#counting.change(settings);
    this.#cell.change(settings);
  }

  #reply(value: Plain | Refusal): void {
    this.#effects.push({ do: "reply", value });
  }

  #say(said: Said): void {
    this.#effects.push({ do: "say", said });
  }
}
