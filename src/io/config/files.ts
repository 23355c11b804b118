/**
 * What the stages ask of the file system, and what they pass to each other: values that remember where they were written.
 *
 * The stages are pure given `Files`; `disk.ts` is the real one, tests give theirs.
 */
import type { Place } from "../../base/index.ts";

/** Text of a file, or why it could not be read; a byte order mark is text like any other. */
export type FileText =
  | { readonly ok: true; readonly text: string }
  | { readonly ok: false; readonly reason: "missing" | "denied" | "not a file" | "too large" }
  /** The first byte that is not UTF-8, and its line. */
  | { readonly ok: false; readonly reason: "not text"; readonly line: number; readonly byte: number };

export interface Files {
  read(path: string): FileText;
  /** Names in a directory in the directory's own order; none when it is no directory or cannot be read. */
  list(path: string): readonly string[];
  /** The same in any order, which is quicker. */
  names(path: string): readonly string[];
  /** What the path leads to, links followed; "dangling" for a link to nothing. */
  kind(path: string): "file" | "directory" | "other" | "dangling" | "missing";
  /** The path from the root, for one that is written from the working directory. */
  absolute(path: string): string;
}

/** A value as it was written. */
export interface Written {
  readonly text: string;
  readonly at: Place;
  /** Number of each line of `text` in the file; null when it has one line. */
  readonly lines: readonly number[] | null;
}

export type Options = ReadonlyMap<string, Written>;

/** One file, parsed. */
export interface Sheet {
  readonly path: string;
  readonly defaults: Options;
  readonly sections: ReadonlyMap<string, Options>;
  /** Where each section's header stands, and what else stood on that line. */
  readonly headers: readonly Header[];
}

export interface Header {
  readonly name: string;
  readonly at: Place;
  readonly rest: string;
}

/**
 * A mistake that ends the reading of what it stands in: thrown by a stage, caught at the wall of the jail or of the file set.
 * `message` is in the original's words.
 */
export class Unreadable extends Error {
  readonly at: Place | null;
  /** What to do about it; the plain `message` says it well enough when absent. */
  readonly remedy: string | undefined;
  /** All mistakes of a file, where it has several. */
  readonly all: readonly { readonly at: Place; readonly message: string; readonly remedy: string }[];

  constructor(message: string, at: Place | null, remedy?: string, all: Unreadable["all"] = []) {
    super(message);
    this.name = "Unreadable";
    this.at = at;
    this.remedy = remedy;
    this.all = all;
  }
}

/** What the original passes over with `config-error`, one jail at a time; all else stops it. */
export function isSkipped({ message }: Unreadable): boolean {
  return /^(?:Invalid (?:filter|action) definition ['"]|Unable to read (?:the filter|action) ['"])/.test(message);
}

/** Directory part of a path, as written; empty when it has none. */
export function directoryOf(path: string): string {
  const slash = path.lastIndexOf("/");
  return slash < 0 ? "" : slash === 0 ? "/" : path.slice(0, slash);
}

/** The same directory, named without slashes at its end. */
export function withoutSlash(directory: string): string {
  return directory.replace(/(?<=.)\/+$/s, "");
}

/** `name` below `directory`, unless it is absolute. */
export function joinPath(directory: string, name: string): string {
  if (name.startsWith("/") || directory === "") return name;
  return directory.endsWith("/") ? directory + name : `${directory}/${name}`;
}

/** The configuration name of a filter or an action; one that begins with `./` is meant from the working directory, a path from the root as it is. */
export function inFolder(files: Files, folder: "filter.d" | "action.d", name: string): string {
  if (name.startsWith("/")) return name;
  return name.startsWith("./") ? files.absolute(name) : `${folder}/${name}`;
}
