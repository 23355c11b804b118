/**
 * From a failure to a conviction: is he left out, must somebody be asked first, how often has he failed (engine.md §1.7, §1.8, §5.5).
 *
 * What waits for an answer waits here; failures of the same offender keep their order, others pass.
 */
import type { Instant, Plain, Refusal, Said, Who } from "../../base/index.ts";
import type { Found } from "../filter/index.ts";
import { foundPrinter, say, timePrinter, warnOnce } from "../report/index.ts";
import { Tally, TALLY_LIMITS, type Counted, type Offence } from "../tally/index.ts";
import { bare, Candidate, candidateOf } from "./candidate.ts";
import type { Answer, Effect, Question } from "./effect.ts";
import { Judge } from "./judge.ts";
import { boostFor } from "./sentence.ts";
import type { JailSettings } from "./settings.ts";
import { Waiting, WAITING_MAX } from "./waiting.ts";
import type { JailWorld } from "./world.ts";

/** What becomes of those whose failures are enough. */
export interface Court {
  convict(counted: Counted, now: Instant): void;
  /** The end of his ban; -Infinity when he is not banned. */
  bannedUntil(who: Who): Instant;
}

/** What waits for an answer: a failure of a name, or one that is not judged yet. */
type Held = { readonly found: Found } | { readonly candidate: Candidate };

/** Keys of what waits: an entry of an ignore list, a verdict on somebody, a name that failed. */
const LISTED = "list ";
const COMMAND = "command ";
const NAME = "name ";

export class Counting {
  readonly judge: Judge;
  readonly tally: Tally;
  readonly #world: JailWorld;
  readonly #tell: (effect: Effect) => void;
  readonly #court: Court;
  readonly #waiting = new Waiting<Held>();
  readonly #warn = warnOnce();
  readonly #printTime: (at: Instant) => string;
  readonly #sayFound: (who: Who, at: string) => Said;
  #settings: JailSettings;
  #waitingSaid = false;
  #tallySaid = false;

  constructor(settings: JailSettings, world: JailWorld, tell: (effect: Effect) => void, court: Court) {
    this.#settings = settings;
    this.#world = world;
    this.#tell = tell;
    this.#court = court;
    this.#printTime = timePrinter(world.zone);
    this.#sayFound = foundPrinter(settings.name);
    this.judge = new Judge(world, settings);
    this.tally = new Tally(settings);
  }

  change(settings: JailSettings): void {
    this.#settings = settings;
    this.judge.change(settings);
    this.tally.maxretry = settings.maxretry;
    this.tally.findtime = settings.findtime;
    this.tally.maxmatches = settings.maxmatches;
  }

  found(found: Found, now: Instant): void {
    if (!found.isAddress) this.#unfit(found, now);
    else if (found.who !== null) this.#consider(candidateOf(found, found.who, now), now);
    else if (found.name !== null) this.#ask(NAME + found.name, { found }, { of: "addresses", name: found.name });
  }

  attempt(who: Who, lines: readonly string[], now: Instant): void {
    this.#consider(new Candidate(who, now, lines, null, Math.max(1, lines.length)), now);
  }

  answer(id: number, answer: Answer, now: Instant): void {
    const waited = this.#waiting.take(id);
    if (waited === null) return;
    if (this.#waiting.size === 0) this.#waitingSaid = false;
    if (answer.of === "ignorecommand") return this.#commandSpoke(waited.items, answer.ignore, now);
    if (waited.key.startsWith(LISTED)) this.judge.lists.learn(waited.key.slice(LISTED.length), answer.addresses, now);
    for (const held of waited.items) {
      if ("candidate" in held) this.#consider(held.candidate, now);
      else
        for (const address of answer.addresses)
          this.#consider(candidateOf(held.found, { key: address.text, address }, now), now);
    }
  }

  /** Forgets those who have been quiet for `findtime`. */
  keepHouse(now: Instant): void {
    this.tally.purge(now);
    if (this.tally.takeLosses() === null || this.#tallySaid) return;
    this.#tallySaid = true;
    this.#say(say.tallyFull(this.#settings.name, TALLY_LIMITS.offenders));
  }

  /** Nobody waits any more: the jail ends. */
  stop(): void {
    this.#waiting.clear();
  }

  #unfit(found: Found, now: Instant): void {
    if (found.who !== null && this.#warn.due("no address", now)) {
      this.#say(say.noAddress(this.#settings.name, found.who.key));
    }
  }

  #consider(candidate: Candidate, now: Instant): void {
    const verdict = this.judge.judge(candidate, now);
    switch (verdict.is) {
      case "count":
        return this.#count(candidate, now);
      case "ignore":
        this.#say(say.ignored(this.#settings.name, candidate.who.key, verdict.by));
        return this.#replyAttempt(candidate, 0);
      case "ignored before":
        return this.#replyAttempt(candidate, 0);
      case "ask name":
        return this.#hold(LISTED + verdict.name, candidate, { of: "addresses", name: verdict.name }, now);
      case "ask command": {
        const failure = candidate.asBan(this.#settings);
        const question: Question = { of: "ignorecommand", command: verdict.command, failure };
        return this.#hold(COMMAND + candidate.who.key, candidate, question, now);
      }
      default:
        return verdict satisfies never;
    }
  }

  /** Counts a failure, and bans when it is enough; offenders of earlier days need fewer. */
  #count(candidate: Candidate, now: Instant): void {
    const { name, maxretry } = this.#settings;
    const { who, at } = candidate;
    const shown = this.#printTime(at);
    this.#say(candidate.attempt === null ? this.#sayFound(who, shown) : say.attempt(name, who.key, shown));
    // Who is banned and goes on is counted; of his lines nothing is kept, or a flood of them would cost memory (docs/DIFFERENCES.md).
    const offence = this.#court.bannedUntil(who) > at ? bare(candidate) : candidate;
    if (this.tally.add(offence, candidate.attempt ?? 1) >= maxretry) this.#enough(who, now);
    this.#observe(offence, shown, now);
    this.#replyAttempt(candidate, 1);
  }

  #observe(offence: Offence, shown: string, now: Instant): void {
    const boost = boostFor(this.#settings, offence, this.#world);
    if (boost === null) return;
    const { name, maxretry } = this.#settings;
    const counted = this.tally.add(offence, boost.by - 1, true);
    this.#say(say.foundBad(name, offence.who.key, shown, boost.earlier, boost.by, counted >= maxretry));
    if (counted >= maxretry) this.#enough(offence.who, now);
  }

  #enough(who: Who, now: Instant): void {
    const counted = this.tally.pop(who);
    if (counted !== null) this.#court.convict(counted, now);
  }

  /** Lets a failure wait; when no more may, it goes on without the answer. */
  #hold(key: string, candidate: Candidate, question: Question, now: Instant): void {
    void candidate.fields; // the line's captures do not wait
    if (!this.#ask(key, { candidate }, question)) this.#count(candidate, now);
  }

  /** @returns false when no more may wait. */
  #ask(key: string, held: Held, question: Question): boolean {
    const id = this.#waiting.add(key, held);
    if (id === null) {
      if (!this.#waitingSaid) this.#say(say.tooManyWaiting(this.#settings.name, WAITING_MAX, question.of));
      this.#waitingSaid = true;
      return false;
    }
    if (id > 0) this.#tell({ do: "ask", id, question });
    return true;
  }

  /** The first that waited is the one that was asked about; the others are judged anew. */
  #commandSpoke(items: readonly Held[], ignore: boolean, now: Instant): void {
    const [first, ...others] = items.flatMap((held) => ("candidate" in held ? [held.candidate] : []));
    if (first !== undefined) {
      this.judge.learn(first, ignore, now);
      if (ignore) {
        this.#say(say.ignored(this.#settings.name, first.who.key, "command"));
        this.#replyAttempt(first, 0);
      } else this.#count(first, now);
    }
    for (const candidate of others) this.#consider(candidate, now);
  }

  #replyAttempt(candidate: Candidate, value: Plain | Refusal): void {
    if (candidate.attempt !== null) this.#tell({ do: "reply", value });
  }

  #say(said: Said): void {
    this.#tell({ do: "say", said });
  }
}
