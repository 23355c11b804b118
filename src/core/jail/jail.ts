/**
 * One jail: lines and commands in, effects out.
 *
 * Joins the rooms below: reads failures (filter), leaves out whom it must (judge), counts them (tally), decides bans
 * (sentence) and their ends (cell). Touches nothing of the world; what it must ask is an effect that is answered later.
 */
import type { Ban, Chunk, Entry, Fields, Instant, Match, Refusal, Plain, Said, Who } from "../../base/index.ts";
import type { Detector } from "../date/index.ts";
import { FilterReader, type Found } from "../filter/index.ts";
import { say, warnOnce, when } from "../report/index.ts";
import { Tally, TALLY_LIMITS } from "../tally/index.ts";
import { Cell } from "./cell.ts";
import { detectorOf } from "./detector.ts";
import type { Answer, Effect, Input, Question } from "./effect.ts";
import { Judge } from "./judge.ts";
import { Lines } from "./lines.ts";
import { boostFor } from "./sentence.ts";
import type { JailSettings } from "./settings.ts";
import { Waiting, WAITING_MAX } from "./waiting.ts";
import type { JailWorld } from "./world.ts";

/** How often, at most, offenders who have been quiet for `findtime` are forgotten (engine.md §4.4). */
const HOUSEKEEPING = 5;

/** A failure of somebody known, on its way to being counted. */
interface Candidate {
  readonly who: Who;
  readonly at: Instant;
  readonly matches: readonly Match[];
  readonly fields: Fields;
  /** Given by `attempt`: how often it counts, and it is answered; null: a line told of it. */
  readonly attempt: number | null;
  readonly attempts?: number;
}

/** What waits for an answer: a failure of a name, or one that is not judged yet. */
type Held = { readonly found: Found } | { readonly candidate: Candidate };

export class Jail {
  readonly #world: JailWorld;
  #settings: JailSettings;
  #detector: Detector | null;
  readonly #reader: FilterReader;
  readonly #lines: Lines;
  readonly #judge: Judge;
  readonly #tally: Tally;
  readonly #cell: Cell;
  readonly #waiting = new Waiting<Held>();
  readonly #warn = warnOnce();
  #effects: Effect[] = [];
  #housekept: Instant = -Infinity;
  #waitingSaid = false;
  #tallySaid = false;

  constructor(settings: JailSettings, world: JailWorld) {
    const tell = (said: Said): void => this.#say(said);
    this.#world = world;
    this.#settings = settings;
    this.#detector = detectorOf(settings.filter, world);
    this.#reader = new FilterReader({ jail: settings.name, checkTime: true, allRules: false, say: tell }, settings.filter, this.#detector, settings.findtime);
    this.#lines = new Lines(settings.filter, world, tell);
    this.#judge = new Judge(world, settings);
    this.#tally = new Tally(settings);
    this.#cell = new Cell(settings, world, (effect) => this.#effects.push(effect));
  }

  get settings(): JailSettings {
    return this.#settings;
  }

  /** Numbers for the status: failures being counted and ever counted; bans in force, ever made, and whose. */
  get failing(): { readonly current: number; readonly total: number } {
    return { current: this.#tally.size, total: this.#tally.total };
  }

  get cell(): Cell {
    return this.#cell;
  }

  /** Dates one raw line of a log, to find the place where reading begins; trains the date detector as the original does. */
  dateOf(raw: string, now: Instant): Instant | null {
    return this.#reader.dateOf(this.#lines.text(raw), now);
  }

  /** The bytes that end a line of its logs, as latin1. */
  get lineEnd(): string {
    return this.#lines.end;
  }

  /** Of the date detector, for `get datepattern`; null: lines are not dated. */
  get datepattern(): { readonly pattern: string | null; readonly name: string } | null {
    return this.#detector?.name() ?? null;
  }

  /** The one way in. @returns what is to be done, in order. */
  step(input: Input, now: Instant): readonly Effect[] {
    this.#effects = [];
    this.#take(input, now);
    if (now >= this.#housekept + HOUSEKEEPING) this.#keepHouse(now);
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
        return this.#answer(input.id, input.answer, now);
      case "settings":
        return this.#change(input.settings);
      case "restore":
        return this.#restore(input.bans, now);
      case "attempt":
        return this.#attempt(input.who, input.lines, now);
      case "banip":
        return this.#reply(this.#cell.banByHand(input.who, now));
      case "unbanip":
        return this.#reply(this.#cell.unbanByHand(input.who, input.reportAbsent));
      case "unban all":
        return this.#reply(this.#cell.flush(false));
      case "stop":
        this.#waiting.clear();
        this.#cell.flush(true);
        return;
      default:
        return input satisfies never;
    }
  }

  #chunk(chunk: Chunk, now: Instant): void {
    for (const text of this.#lines.of(chunk, now)) this.#walled(text, () => this.#reader.line(text, now, chunk.live), now);
  }

  #entries(entries: readonly Entry[], live: boolean, now: Instant): void {
    for (const entry of entries) this.#walled(entry.text, () => this.#reader.entry(entry, now, live), now);
  }

  /** The wall behind which a bug stays: that line is lost and told of, the next one is read. */
  #walled(text: string, read: () => readonly Found[], now: Instant): void {
    try {
      const all = read();
      for (const found of all) this.#found(found, now);
    } catch (cause) {
      this.#say(say.lineFailed(text, cause instanceof Error ? (cause.stack ?? cause.message) : String(cause)));
    }
  }

  #found(found: Found, now: Instant): void {
    if (!found.isAddress) return this.#unfit(found, now);
    if (found.who !== null) this.#consider(this.#candidate(found, found.who, now), now);
    else if (found.name !== null) this.#ask(NAME + found.name, { found }, { of: "addresses", name: found.name });
  }

  #unfit(found: Found, now: Instant): void {
    if (found.who !== null && this.#warn.due("no address", now)) this.#say(say.noAddress(this.#settings.name, found.who.key));
  }

  #candidate(found: Found, who: Who, now: Instant): Candidate {
    return { who, at: Math.min(found.at ?? now, now), matches: found.matches, fields: found.fields, attempt: null };
  }

  #consider(candidate: Candidate, now: Instant): void {
    const verdict = this.#judge.judge(candidate.who, () => this.#asBan(candidate), now);
    switch (verdict.is) {
      case "count":
        return this.#count(candidate, now);
      case "ignore":
        this.#say(say.ignored(this.#settings.name, candidate.who.key, verdict.by));
        return this.#replyAttempt(candidate, 0);
      case "ignored before":
        return this.#replyAttempt(candidate, 0);
      case "ask name":
        if (!this.#ask(LISTED + verdict.name, { candidate }, { of: "addresses", name: verdict.name })) this.#count(candidate, now);
        return;
      case "ask command":
        if (!this.#ask(COMMAND + candidate.who.key, { candidate }, { of: "ignorecommand", command: verdict.command, failure: this.#asBan(candidate) })) this.#count(candidate, now);
        return;
      default:
        return verdict satisfies never;
    }
  }

  /** Counts a failure, and bans when it is enough; offenders of earlier days need fewer (engine.md §1.7, §5.5). */
  #count(candidate: Candidate, now: Instant): void {
    const { name, maxretry } = this.#settings;
    const { who, at } = candidate;
    const shown = when(this.#world.zone, at);
    this.#say(candidate.attempt === null ? say.found(name, who.key, shown) : say.attempt(name, who.key, shown));
    if (this.#tally.add(candidate, candidate.attempt ?? 1) >= maxretry) this.#convict(who, now);
    this.#observe(candidate, shown, now);
    this.#replyAttempt(candidate, 1);
  }

  #observe(candidate: Candidate, shown: string, now: Instant): void {
    const boost = boostFor(this.#settings, candidate, this.#world);
    if (boost === null) return;
    const { name, maxretry } = this.#settings;
    const counted = this.#tally.add(candidate, boost.by - 1, true);
    const enough = counted >= maxretry && this.#tally.has(candidate.who.key);
    this.#say(say.foundBad(name, candidate.who.key, shown, boost.earlier, boost.by, counted >= maxretry));
    if (enough) this.#convict(candidate.who, now);
  }

  #convict(who: Who, now: Instant): void {
    const counted = this.#tally.pop(who.key);
    if (counted !== null) this.#cell.lockUp(counted, now);
  }

  /** @returns false when no more may wait: then the failure goes on without the answer. */
  #ask(key: string, held: Held, question: Question): boolean {
    const id = this.#waiting.add(key, held);
    if (id === null) {
      if (!this.#waitingSaid) this.#say(say.tooManyWaiting(this.#settings.name, WAITING_MAX, question.of));
      this.#waitingSaid = true;
      return false;
    }
    if (id > 0) this.#effects.push({ do: "ask", id, question });
    return true;
  }

  #answer(id: number, answer: Answer, now: Instant): void {
    const waited = this.#waiting.take(id);
    if (waited === null) return;
    if (this.#waiting.size === 0) this.#waitingSaid = false;
    if (answer.of === "ignorecommand") return this.#commandSpoke(waited.items, answer.ignore, now);
    if (waited.key.startsWith(LISTED)) this.#judge.lists.learn(waited.key.slice(LISTED.length), answer.addresses, now);
    for (const held of waited.items) {
      if ("candidate" in held) this.#consider(held.candidate, now);
      else for (const address of answer.addresses) this.#consider(this.#candidate(held.found, { key: address.text, address }, now), now);
    }
  }

  /** The first that waited is the one that was asked about; the others are judged anew. */
  #commandSpoke(items: readonly Held[], ignore: boolean, now: Instant): void {
    const [first, ...others] = items.flatMap((held) => ("candidate" in held ? [held.candidate] : []));
    if (first !== undefined) {
      this.#judge.learn(() => this.#asBan(first), ignore, now);
      if (ignore) {
        this.#say(say.ignored(this.#settings.name, first.who.key, "command"));
        this.#replyAttempt(first, 0);
      } else this.#count(first, now);
    }
    for (const candidate of others) this.#consider(candidate, now);
  }

  #attempt(who: Who, lines: readonly string[], now: Instant): void {
    const times = Math.max(1, lines.length);
    this.#consider({ who, at: now, matches: lines, fields: {}, attempt: times, attempts: times }, now);
  }

  /** Ignore lists hold for bans of before too; an ignorecommand is asked once they are in force. */
  #restore(bans: readonly Ban[], now: Instant): void {
    const kept: Ban[] = [];
    for (const ban of bans) {
      const ignored = this.#judge.lists.ignores(ban.who);
      if (ignored === null) kept.push(ban);
      else this.#say(say.ignored(this.#settings.name, ban.who.key, ignored.by));
    }
    this.#cell.restore(kept, now);
  }

  #change(settings: JailSettings): void {
    const before = this.#settings;
    this.#settings = settings;
    const redate = settings.filter.datepattern !== before.filter.datepattern || settings.filter.logtimezone !== before.filter.logtimezone;
    if (redate) this.#detector = detectorOf(settings.filter, this.#world);
    this.#reader.change(settings.filter, this.#detector, settings.findtime);
    this.#lines.change(settings.filter);
    this.#judge.change(settings);
    this.#tally.maxretry = settings.maxretry;
    this.#tally.findtime = settings.findtime;
    this.#tally.maxmatches = settings.maxmatches;
    this.#cell.change(settings);
  }

  #keepHouse(now: Instant): void {
    this.#housekept = now;
    this.#tally.purge(now);
    const lost = this.#tally.takeLosses();
    if (lost === null || this.#tallySaid) return;
    this.#tallySaid = true;
    this.#say(say.tallyFull(this.#settings.name, TALLY_LIMITS.offenders));
  }

  #asBan(candidate: Candidate): Ban {
    const { who, at, matches, fields } = candidate;
    const { name, ban } = this.#settings;
    return { jail: name, who, since: at, lasts: ban.bantime, count: 0, failures: candidate.attempt ?? 1, matches, fields, restored: false };
  }

  #replyAttempt(candidate: Candidate, value: number): void {
    if (candidate.attempt !== null) this.#reply(value);
  }

  #reply(value: Plain | Refusal): void {
    this.#effects.push({ do: "reply", value });
  }

  #say(said: Said): void {
    this.#effects.push({ do: "say", said });
  }
}

/** Keys of what waits: an entry of an ignore list, a verdict on somebody, a name that failed. */
const LISTED = "list ";
const COMMAND = "command ";
const NAME = "name ";
