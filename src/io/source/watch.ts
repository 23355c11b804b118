/**
 * Changes in folders, as the kernel reports them: one watch a folder, however many of its files are followed.
 *
 * Folders, not files, are watched: a watch on a file stays with the old file when a log is rotated. Reports names only;
 * a folder that cannot be watched (no inotify watches left) is said once, and the poll goes on without it.
 */
import { realpathSync, statSync, watch, type FSWatcher } from "node:fs";
import { basename, dirname } from "node:path";

/** `renamed`: the name appeared, vanished or was put on another file; otherwise its content changed. */
export type OnChange = (renamed: boolean) => void;

interface Watched {
  readonly folder: string;
  readonly names: Map<string, Set<OnChange>>;
  /** Asked about every name: for globs and for rotated files, of which the names are not known. */
  readonly all: Set<(name: string, renamed: boolean) => void>;
  watcher: FSWatcher | null;
  id: string;
}

export class FolderWatches {
  readonly #folders = new Map<string, Watched>();
  readonly #onRefusal: (folder: string, reason: string) => void;
  readonly #refused = new Set<string>();

  constructor(onRefusal: (folder: string, reason: string) => void) {
    this.#onRefusal = onRefusal;
  }

  /** @returns what takes the watch back. */
  name(folder: string, name: string, onChange: OnChange): () => void {
    const watched = this.#folder(folder);
    const listeners = watched.names.get(name) ?? new Set();
    watched.names.set(name, listeners);
    listeners.add(onChange);
    return () => {
      listeners.delete(onChange);
      if (listeners.size === 0) watched.names.delete(name);
      this.#release(watched);
    };
  }

  all(folder: string, onChange: (name: string, renamed: boolean) => void): () => void {
    const watched = this.#folder(folder);
    watched.all.add(onChange);
    return () => {
      watched.all.delete(onChange);
      this.#release(watched);
    };
  }

  isWatching(folder: string): boolean {
    const watched = this.#folders.get(folder);
    return watched !== undefined && watched.watcher !== null;
  }

  /** Folders may vanish and come back, as other folders under the same name: to be called now and then. */
  refresh(): void {
    for (const watched of this.#folders.values()) {
      if (watched.watcher !== null && idOf(watched.folder) === watched.id) continue;
      this.#close(watched);
      this.#open(watched);
      if (watched.watcher !== null) tellAll(watched);
    }
  }

  close(): void {
    for (const watched of this.#folders.values()) this.#close(watched);
    this.#folders.clear();
  }

  #folder(folder: string): Watched {
    const known = this.#folders.get(folder);
    if (known !== undefined) return known;
    const watched: Watched = { folder, names: new Map(), all: new Set(), watcher: null, id: "" };
    this.#folders.set(folder, watched);
    this.#open(watched);
    return watched;
  }

  #open(watched: Watched): void {
    watched.id = idOf(watched.folder);
    if (watched.id === "") return;
    try {
      const watcher = watch(watched.folder, { persistent: false }, (event, name) =>
        this.#report(watched, event === "rename", name),
      );
      watcher.on("error", () => this.#close(watched));
      watched.watcher = watcher;
      this.#refused.delete(watched.folder);
    } catch (cause) {
      if (this.#refused.has(watched.folder)) return;
      this.#refused.add(watched.folder);
      this.#onRefusal(watched.folder, cause instanceof Error && "code" in cause ? String(cause.code) : String(cause));
    }
  }

  #report(watched: Watched, renamed: boolean, name: string | null): void {
    for (const listener of watched.all) listener(name ?? "", renamed);
    if (name !== null) for (const listener of watched.names.get(name) ?? []) listener(renamed);
    // The kernel dropped events: everything may have changed.
    else tellAll(watched);
  }

  #release(watched: Watched): void {
    if (watched.names.size > 0 || watched.all.size > 0) return;
    this.#close(watched);
    this.#folders.delete(watched.folder);
  }

  #close(watched: Watched): void {
    watched.watcher?.close();
    watched.watcher = null;
  }
}

function tellAll(watched: Watched): void {
  for (const listener of [...watched.names.values()].flatMap((listeners) => [...listeners])) listener(true);
}

/** The watch of one path: its folder, and that of the file behind it when it is a link. */
export class PathWatch {
  readonly #path: string;
  readonly #watches: FolderWatches;
  readonly #onChange: OnChange;
  #ends: (() => void)[] = [];
  #target = "";

  constructor(path: string, watches: FolderWatches, onChange: OnChange) {
    this.#path = path;
    this.#watches = watches;
    this.#onChange = onChange;
  }

  /** To be called whenever the path may lead elsewhere. */
  update(): void {
    const target = targetOf(this.#path);
    if (this.#ends.length > 0 && target === this.#target) return;
    this.close();
    this.#target = target;
    this.#ends = [...new Set([this.#path, target])].map((path) =>
      this.#watches.name(dirname(path), basename(path), this.#onChange),
    );
  }

  isActive(): boolean {
    return this.#ends.length > 0 && this.#watches.isWatching(dirname(this.#target));
  }

  close(): void {
    for (const end of this.#ends) end();
    this.#ends = [];
  }
}

function targetOf(path: string): string {
  try {
    return realpathSync(path);
  } catch {
    return path;
  }
}

function idOf(folder: string): string {
  const stat = statSync(folder, { bigint: true, throwIfNoEntry: false });
  return stat === undefined || !stat.isDirectory() ? "" : `${stat.dev}:${stat.ino}`;
}
