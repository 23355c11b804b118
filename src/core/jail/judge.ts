/**
 * Whether a failure is left out of the count (engine.md §1.8): ignorecache, ignoreself, ignoreip, ignorecommand, in this
 * order. What must be asked first is told as a question.
 */
import type { Instant } from "../../base/index.ts";
import { IgnoreList, Recent, type IgnoreCache } from "../filter/index.ts";
import type { Candidate } from "./candidate.ts";
import type { JailSettings } from "./settings.ts";
import type { JailWorld } from "./world.ts";

export type Verdict =
  | { readonly is: "count" }
  | { readonly is: "ignore"; readonly by: string }
  /** The same failure again by the same key: ignored as before, said only where debugging. */
  | { readonly is: "ignored before" }
  | { readonly is: "ask name"; readonly name: string }
  | { readonly is: "ask command"; readonly command: string };

const COUNT: Verdict = { is: "count" };

export class Judge {
  readonly lists: IgnoreList;
  readonly #world: JailWorld;
  #settings: JailSettings;
  #cache: Recent<boolean> | null = null;
  #cacheOf: IgnoreCache | null = null;

  constructor(world: JailWorld, settings: JailSettings) {
    this.lists = new IgnoreList(world);
    this.#world = world;
    this.#settings = settings;
    this.change(settings);
  }

  change(settings: JailSettings): void {
    const { ignoreip, ignoreself, ignorecache } = settings.filter;
    this.lists.change(ignoreip, ignoreself);
    this.#settings = settings;
    if (ignorecache === this.#cacheOf) return;
    this.#cacheOf = ignorecache;
    this.#cache = ignorecache === null ? null : new Recent(ignorecache.maxCount, ignorecache.maxTime);
  }

  judge(failure: Candidate, now: Instant): Verdict {
    const { ignoreip, ignorecommand } = this.#settings.filter;
    const before = this.#cache === null ? undefined : this.#cache.get(this.#key(failure), now);
    if (before !== undefined) return before ? { is: "ignored before" } : COUNT;
    if (ignoreip.length > 0) {
      const [name] = this.lists.stale(now);
      if (name !== undefined) return { is: "ask name", name };
    }
    const ignored = this.lists.ignores(failure.who);
    if (ignored !== null) {
      this.#remember(failure, true, now);
      return { is: "ignore", by: ignored.by };
    }
    if (ignorecommand !== null && ignorecommand !== "") return { is: "ask command", command: ignorecommand };
    this.#remember(failure, false, now);
    return COUNT;
  }

  /** The ignorecommand has spoken. */
  learn(failure: Candidate, ignore: boolean, now: Instant): void {
    this.#remember(failure, ignore, now);
  }

  #remember(failure: Candidate, ignore: boolean, now: Instant): void {
    if (this.#cache !== null) this.#cache.set(this.#key(failure), ignore, now);
  }

  #key(failure: Candidate): string {
    return this.#cacheOf === null ? "" : this.#world.fill(this.#cacheOf.key, failure.asBan(this.#settings));
  }
}
