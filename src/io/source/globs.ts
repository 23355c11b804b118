/**
 * Globs that stay alive: files that match a `logpath` later on are told, without a reload (the original expands it once).
 *
 * A name that a rotation gives to a followed log (`access.log.1` for `access.log*`) is no new log: it is known by its inode, and
 * a copy of it (copytruncate) by its first line. An empty file is told only when it has a line, because a copy begins empty.
 */
import { extname } from "node:path";
import { nameExpression } from "./fnmatch.ts";
import { birthplacesOf, expandGlob, type Birthplace } from "./glob.ts";
import { openPart } from "./part.ts";
import type { Tail } from "./tail.ts";
import type { FolderWatches } from "./watch.ts";

/** What a rotation packs is not text. */
const PACKED: readonly string[] = [".gz", ".bz2", ".xz", ".zst", ".Z", ".lz4"];
/** Looks of the referee after which a glob is expanded again even though no folder reported anything. */
const EXPAND_EVERY = 5;
/** Milliseconds between the news of a name and the look for new files. */
const EXPAND_AFTER = 50;

interface Watched {
  readonly pattern: string;
  readonly onNew: (path: string) => void;
  readonly known: Set<string>;
  places: readonly Birthplace[];
  ends: (() => void)[];
}

export class GlobWatches {
  readonly #watches: FolderWatches;
  readonly #tails: () => readonly Tail[];
  readonly #globs = new Set<Watched>();
  readonly #due = new Set<Watched>();
  #looks = 0;
  #soon: NodeJS.Timeout | null = null;

  constructor(watches: FolderWatches, tails: () => readonly Tail[]) {
    this.#watches = watches;
    this.#tails = tails;
  }

  get size(): number {
    return this.#globs.size;
  }

  /** @param known what is followed already; what matches besides is told too; absent: what matches now is known. */
  add(pattern: string, onNew: (path: string) => void, known?: readonly string[]): () => void {
    const watched: Watched = { pattern, onNew, known: new Set(known ?? expandGlob(pattern)), places: [], ends: [] };
    this.#globs.add(watched);
    this.#watch(watched);
    if (known !== undefined) this.#isDue(watched);
    return () => {
      this.#globs.delete(watched);
      this.#due.delete(watched);
      for (const end of watched.ends) end();
    };
  }

  /** Called by the referee: what waits for its first line, and now and then everything. */
  look(): void {
    this.#looks += 1;
    if (this.#looks % EXPAND_EVERY === 0) for (const watched of this.#globs) this.#due.add(watched);
    this.#expandDue();
  }

  close(): void {
    for (const watched of this.#globs) for (const end of watched.ends) end();
    this.#globs.clear();
    this.#due.clear();
    if (this.#soon !== null) clearTimeout(this.#soon);
  }

  #watch(watched: Watched): void {
    const places = birthplacesOf(watched.pattern);
    const isSame = (place: Birthplace, i: number): boolean => place.folder === watched.places[i]?.folder;
    if (places.length === watched.places.length && places.every(isSame)) return;
    const before = watched.ends;
    watched.places = places;
    watched.ends = places.map(({ folder, name }) => {
      const expression = nameExpression(name);
      // What is due waits for the first line of an empty file. No name: the kernel dropped events.
      return this.#watches.all(folder, (changed, renamed) => {
        const matters = renamed || this.#due.has(watched);
        if (matters && (changed === "" || expression.test(changed))) this.#isDue(watched);
      });
    });
    // Only now: a folder that stays need not be watched anew.
    for (const end of before) end();
  }

  /** After the tails' own turn: they must have seen the same rotation first. Names that come and go all the time wait together. */
  #isDue(watched: Watched): void {
    this.#due.add(watched);
    this.#soon ??= setTimeout(() => {
      this.#soon = null;
      this.#expandDue();
    }, EXPAND_AFTER);
    this.#soon.unref();
  }

  #expandDue(): void {
    for (const watched of [...this.#due]) {
      this.#due.delete(watched);
      this.#watch(watched);
      const paths = expandGlob(watched.pattern);
      const gone = new Set(watched.known).difference(new Set(paths));
      for (const path of gone) watched.known.delete(path);
      for (const path of paths) if (!watched.known.has(path)) this.#meet(watched, path);
    }
  }

  #meet(watched: Watched, path: string): void {
    if (PACKED.includes(extname(path))) return;
    const opened = openPart(path);
    if ("reason" in opened) return;
    const { part } = opened;
    const hash = part.hash();
    const tails = this.#tails();
    const isRotated = tails.some(
      (tail) => tail.path !== path && (tail.ids().includes(part.id) || tail.cursors.isCopiedIn(part, hash)),
    );
    part.close();
    if (hash === "" && !isRotated) {
      this.#due.add(watched);
      return;
    }
    watched.known.add(path);
    if (!isRotated) watched.onNew(path);
  }
}
