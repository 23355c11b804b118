/**
 * Who is never counted: `ignoreip` (addresses, networks, names, `file:` lists) and `ignoreself` (engine.md §1.8).
 *
 * Answers at once from what is known; which names must be resolved first is told to the caller. `ignorecommand` and
 * `ignorecache` are the jail's, for they need tags and answers from outside.
 */
import {
  covers,
  isSingle,
  parseAddress,
  Slots,
  type Address,
  type Instant,
  type Span,
  type Who,
} from "../../base/index.ts";

/** How long the addresses of a name are trusted. */
const NAME_LIFE: Span = 300;

/** What the ignore lists need to know of the world. */
export interface IgnoreWorld {
  /** Whether it is one of this machine's own addresses. */
  isSelf(address: Address): boolean;
  /** The text of a list file, the same object as long as the file is unchanged; null when it cannot be read (and says so itself). */
  readList(path: string): { readonly text: string } | null;
}

export type Ignored = { readonly by: string } | null;

interface Entries {
  readonly exact: Slots;
  readonly nets: Address[];
  readonly names: Set<string>;
}

export class IgnoreList {
  readonly #world: IgnoreWorld;
  #written: readonly string[] = [];
  #self = true;
  #own: Entries = noEntries();
  #files: { readonly shown: string; readonly path: string }[] = [];
  readonly #read = new Map<string, { readonly of: { readonly text: string }; readonly entries: Entries }>();
  readonly #resolved = new Map<string, { readonly keys: ReadonlySet<string>; readonly until: Instant }>();

  constructor(world: IgnoreWorld) {
    this.#world = world;
  }

  change(written: readonly string[], self: boolean): void {
    this.#self = self;
    if (written === this.#written) return;
    this.#written = written;
    this.#own = noEntries();
    this.#files = [];
    for (const entry of written) {
      if (entry.startsWith("file:")) this.#files.push({ shown: entry, path: listPath(entry) });
      else addEntry(this.#own, entry);
    }
  }

  /** @returns by which rule `who` is ignored, or null. */
  ignores(who: Who): Ignored {
    if (this.#self && who.address !== null && isSingle(who.address) && this.#world.isSelf(who.address))
      return { by: "ignoreself rule" };
    const own = this.#matches(this.#own, who);
    if (own !== null) return own;
    for (const file of this.#files) {
      const entries = this.#entriesOf(file.path);
      if (entries !== null && this.#matches(entries, who) !== null) return { by: file.shown };
    }
    return null;
  }

  /** Names on the lists whose addresses are not known (any more): ask for them before the next failure is judged. */
  stale(now: Instant): readonly string[] {
    if (this.#own.names.size === 0 && this.#files.length === 0) return NO_NAMES;
    const names = [...this.#own.names];
    for (const file of this.#files) names.push(...(this.#entriesOf(file.path)?.names ?? []));
    return names.filter((name) => (this.#resolved.get(name)?.until ?? -Infinity) <= now);
  }

  /** What `stale` asked for; no addresses when the name has none. */
  learn(name: string, addresses: readonly Address[], now: Instant): void {
    this.#resolved.set(name, { keys: new Set(addresses.map((address) => address.text)), until: now + NAME_LIFE });
  }

  #matches(entries: Entries, who: Who): Ignored {
    const { exact, nets, names } = entries;
    if (exact.size > 0 && exact.has(who.key)) return { by: "ip" };
    if (who.address !== null)
      for (let at = 0; at < nets.length; at += 1) {
        const net = nets[at];
        if (net !== undefined && covers(net, who.address)) return { by: "ip" };
      }
    if (names.size > 0)
      for (const name of names) if (this.#resolved.get(name)?.keys.has(who.key) === true) return { by: "dns" };
    return null;
  }

  #entriesOf(path: string): Entries | null {
    const list = this.#world.readList(path);
    if (list === null) return null;
    const known = this.#read.get(path);
    if (known !== undefined && known.of === list) return known.entries;
    const entries = noEntries();
    for (const word of listWords(list.text)) addEntry(entries, word);
    this.#read.set(path, { of: list, entries });
    return entries;
  }
}

const NO_NAMES: readonly string[] = [];

/** `file:///etc/x`, `file:/etc/x`, `file://etc/x` → `/etc/x`; `file:etc/x` and `file://./x` are relative (engine.md §1.8). */
export function listPath(entry: string): string {
  const rest = entry.slice("file:".length);
  if (rest.startsWith("//./") || rest.startsWith("//../")) return rest.slice(2);
  return rest.startsWith("/") ? `/${rest.replace(/^\/+/, "")}` : rest;
}

/** Entries stand between blanks, commas and line ends; `#` or `;` at a word's begin comments the rest of its line out. */
export function listWords(text: string): string[] {
  const words: string[] = [];
  for (const line of text.split("\n")) {
    const bare = line.replace(/(^|\s)[#;].*$/, "$1");
    words.push(...bare.split(/[\s,]+/).filter((word) => word.length > 0));
  }
  return words;
}

function noEntries(): Entries {
  return { exact: new Slots(), nets: [], names: new Set() };
}

function addExact({ exact }: Entries, text: string): void {
  if (!exact.has(text)) exact.open(text);
}

function addEntry(entries: Entries, text: string): void {
  if (text.length === 0) return;
  const address = parseAddress(text);
  if (address === null) entries.names.add(text);
  else if (isSingle(address)) addExact(entries, address.text);
  else {
    entries.nets.push(address);
    addExact(entries, address.text);
  }
}
