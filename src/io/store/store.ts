/**
 * What must survive a restart: jails, bans, positions in logs (config-cli.md §9). Speaks in bans and marks, never in rows.
 *
 * Decisions are taken into memory at once, answered from there, and written together after half a second. While the file
 * cannot be written (locked, disk full, read-only, damaged) nothing stops: they wait, it is said once, and the file is
 * tried again. What `flush` has acknowledged is on the disk.
 */
import type { Ban, Cancel, Clock, Instant, Said, Span } from "../../base/index.ts";
import type { History, JournalMark, Merged } from "./answers.ts";
import { Connection } from "./connection.ts";
import { code, codeOf, reasonOf, type Opened } from "./file.ts";
import { isAlive, liveRow, type LiveRules } from "./live.ts";
import { decodeData, encodeData, numberOf } from "./rows.ts";
import { inTransaction } from "./schema.ts";
import { write, type Statements } from "./statements.ts";
import { Waiting, type Mark, type WaitingLimits, type WaitingRecord } from "./waiting.ts";
import { say } from "./words.ts";

/** Seconds that a decision may wait for others before all are written. */
const COMMIT_DELAY: Span = 0.5;
/** Bans of one offender that `matches` looks at. */
const MERGED_MOST = 1000;
/** Rows that `live` reads at a time. */
const PAGE = 1000;

const JOURNAL = "systemd-journal";
/** Row that holds the journal's cursor; fail2ban never asks for this path. */
const CURSOR = "systemd-journal cursor";

export interface StoreWorld {
  readonly clock: Clock;
  readonly say: (said: Said) => void;
}

export class Store {
  readonly #world: StoreWorld;
  readonly #limits: WaitingLimits;
  readonly #waiting: Waiting;
  readonly #file: Connection;
  #alarm: Cancel | null = null;

  /** Use `openStore`. */
  constructor(path: string, opened: Opened & { readonly ok: true }, world: StoreWorld, limits: WaitingLimits) {
    this.#world = world;
    this.#limits = limits;
    this.#waiting = new Waiting(limits);
    this.#file = new Connection(path, opened, { now: () => world.clock.now(), say: world.say });
    this.#put({ kind: "jail", jail: null, enabled: false });
  }

  get path(): string {
    return this.#file.path;
  }

  /** Records that are decided and not written yet. */
  get waiting(): number {
    return this.#waiting.size;
  }

  addJail(name: string): void {
    this.#put({ kind: "jail", jail: name, enabled: true });
  }

  disableJail(name: string): void {
    this.#put({ kind: "jail", jail: name, enabled: false });
  }

  /** Writes down a new ban; restored ones are known already and are not to be given. @param maxmatches lines to keep */
  remember(ban: Ban, maxmatches: number): void {
    const { jail, count } = ban;
    this.#put({
      kind: "ban",
      jail,
      key: ban.who.key,
      since: Math.round(ban.since),
      lasts: Math.trunc(ban.lasts),
      count,
      data: encodeData(ban, maxmatches),
    });
  }

  /**
   * Deletes bans and their history; null stands for every jail, for everybody.
   * @returns how many (jail, offender) were known
   */
  forget(jail: string | null, key: string | null): number {
    const known =
      key === null ? this.#countAll(jail) : this.#jailsOf(key).filter((name) => jail === null || name === jail).length;
    this.#put({ kind: "forget", jail, key });
    return known;
  }

  /** How often somebody was banned, in one jail or (null) in all; null for the unknown. */
  history(jail: string | null, key: string): History | null {
    const found = new Map<string, History>();
    for (const row of this.#file.read((run) => run.last.all(key)) ?? []) {
      const name = String(row["jail"]);
      if (!this.#waiting.forgotten(name, key))
        found.set(name, {
          count: numberOf(row["count"], 0),
          since: numberOf(row["since"], 0),
          lasts: numberOf(row["lasts"], -2),
        });
    }
    for (const ban of this.#waiting.latest(key)) found.set(ban.jail, ban);
    if (jail !== null) return pick(found.get(jail));
    const all = [...found.values()];
    const latest = all.reduce<History | undefined>(
      (best, one) => (best === undefined || one.since > best.since ? one : best),
      undefined,
    );
    return latest === undefined ? null : { ...pick(latest), count: all.reduce((sum, one) => sum + one.count, 0) };
  }

  /** What all remembered bans of somebody were for (`<ipmatches>`, `<ipfailures>`). @param most lines to give, the last ones */
  matches(key: string, jail: string | null, most: number): Merged | null {
    const rows = (this.#file.read((run) => run.merged.all(key, MERGED_MOST)) ?? []).filter(
      (row) => !this.#waiting.forgotten(String(row["jail"]), key),
    );
    const bans = [
      ...rows.toReversed().map((row) => ({ jail: row["jail"], data: row["data"] })),
      ...this.#waiting.bans(key),
    ].filter((ban) => jail === null || ban.jail === jail);
    if (bans.length === 0) return null;
    const all = bans.map((ban) => decodeData(ban.data));
    return {
      failures: all.reduce((sum, one) => sum + one.failures, 0),
      matches: most > 0 ? all.flatMap((one) => one.matches).slice(-most) : [],
      fields: Object.fromEntries(all.toReversed().flatMap((one) => Object.entries(one.fields))),
    };
  }

  /** Bans of a jail that are to be carried out again, by id, with lengths as the jail's rules would have them. */
  *live(jail: string, now: Instant, rules: LiveRules): IterableIterator<Ban> {
    this.flush();
    const since = rules.increment || rules.bantime < 0 ? -1e15 : now - rules.bantime;
    for (let after = ""; ;) {
      const before = after;
      const page = this.#file.read((run) => run.live.all(jail, after, now, since, PAGE)) ?? [];
      for (const row of page) {
        const key = String(row["ip"]);
        const ban =
          this.#waiting.latest(key).some((ban) => ban.jail === jail) || this.#waiting.forgotten(jail, key)
            ? null
            : liveRow(jail, key, row, now, rules);
        if (ban !== null) yield ban;
        after = key;
      }
      // Text that is no UTF-8 reads as another text, after which the same rows would come again.
      if (page.length < PAGE || after === before) break;
    }
    for (const waiting of this.#waiting.bans(null)) {
      if (
        waiting.jail !== jail ||
        !this.#waiting.latest(waiting.key).includes(waiting) ||
        !isAlive(waiting, now, since)
      )
        continue;
      const ban = liveRow(
        jail,
        waiting.key,
        { since: waiting.since, lasts: waiting.lasts, count: waiting.count, data: waiting.data },
        now,
        rules,
      );
      if (ban !== null) yield ban;
    }
  }

  /** Where reading of a log stopped; null for a log that is not known. */
  mark(jail: string, path: string): Mark | null {
    const waiting = this.#waiting.mark(jail, path);
    if (waiting !== null) return waiting;
    const row = this.#file.read((run) => run.mark.get(jail, path));
    return row === undefined || row === null
      ? null
      : { hash: String(row["hash"] ?? ""), position: numberOf(row["position"], 0) };
  }

  /** Notes where reading of a log stopped. To be called at most every 10 s for each log. */
  setMark(jail: string, path: string, mark: Mark): void {
    this.#put({ kind: "mark", jail, path, mark });
  }

  journalMark(jail: string): JournalMark | null {
    const mark = this.mark(jail, JOURNAL);
    if (mark === null) return null;
    const cursor = this.mark(jail, CURSOR);
    return {
      at: mark.position,
      iso: mark.hash,
      cursor: cursor !== null && cursor.position === mark.position ? cursor.hash : null,
    };
  }

  setJournalMark(jail: string, mark: JournalMark): void {
    this.setMark(jail, JOURNAL, { hash: mark.iso, position: mark.at });
    if (mark.cursor !== null) this.setMark(jail, CURSOR, { hash: mark.cursor, position: mark.at });
  }

  /** Deletes what is older than `purgeage` and jails of which nothing is left. To be called every hour. @returns whether it could */
  purge(now: Instant, purgeage: Span): boolean {
    if (!this.flush()) return false;
    return this.#file.write((db, run) =>
      inTransaction(db, () => {
        run.purgeBans.run(now - purgeage);
        run.purgeLast.run(now - purgeage);
        run.purgeJails.run();
      }),
    );
  }

  /** Writes everything that waits. @returns whether it is on the disk; before a command is acknowledged, and when one wants to be sure */
  flush(): boolean {
    this.#alarm?.();
    this.#alarm = null;
    if (this.#waiting.size === 0 && !this.#file.troubled) return true;
    const written = this.#file.write((db, run) => inTransaction(db, () => this.#writeAll(run)), this.#waiting.size);
    if (written) this.#waiting.clear();
    else this.#wakeIn(this.#file.patience);
    return written;
  }

  /** Writes what waits, if that is possible, and lets go of the file. */
  close(): void {
    this.flush();
    this.#alarm?.();
    this.#alarm = null;
    this.#file.close();
  }

  #put(record: WaitingRecord): void {
    if (!this.#waiting.add(record)) this.#world.say(say.overfull(this.#limits.records));
    this.#wakeIn(COMMIT_DELAY);
  }

  #wakeIn(delay: Span): void {
    this.#alarm ??= this.#world.clock.at(this.#world.clock.now() + delay, () => {
      this.#alarm = null;
      this.flush();
    });
  }

  /** One bad record must not hold up the others; trouble with the file stops them all. */
  #writeAll(run: Statements): void {
    let refused: unknown = null;
    const known = new Set<string>();
    for (const record of this.#waiting.records()) {
      try {
        write(run, record, known);
      } catch (cause) {
        if (!isHarmless(cause)) throw cause;
        refused ??= cause;
      }
    }
    if (refused !== null) this.#world.say(say.refused(reasonOf(refused)));
  }

  #countAll(jail: string | null): number {
    this.flush();
    return numberOf(this.#file.read((run) => run.everybody.get(jail))?.["count"], 0);
  }

  #jailsOf(key: string): string[] {
    const stored = (this.#file.read((run) => run.jailsOf.all(key)) ?? [])
      .map((row) => String(row["jail"]))
      .filter((name) => !this.#waiting.forgotten(name, key));
    return [...new Set([...stored, ...this.#waiting.latest(key).map(({ jail }) => jail)])];
  }
}

function pick(history: History): History;
function pick(history: History | undefined): History | null;
function pick(history: History | undefined): History | null {
  return history === undefined ? null : { count: history.count, since: history.since, lasts: history.lasts };
}

/** An error of the record and not of the file. */
function isHarmless(cause: unknown): boolean {
  const errcode = codeOf(cause);
  return errcode === 0 || errcode === code.constraint || errcode === code.mismatch || errcode === code.tooBig;
}
