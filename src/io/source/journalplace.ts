/**
 * `systemd[journalflags=…, journalpath=…, journalfiles=…, namespace=…, rotated=…]` → which journal, and how journalctl is told so
 * (engine.md §7.6).
 *
 * Without flags all journals of this machine's folders are read, those of other machine ids as well, as the original does.
 * `rotated` is accepted and makes no difference: what is too old is passed over by time, wherever it is kept.
 */
import { statSync } from "node:fs";
import { expandGlob } from "./glob.ts";

export interface JournalPlace {
  readonly folder: string | null;
  /** Globs of journal files; none: those of the folder or of the machine. */
  readonly files: readonly string[];
  /** As the journal library counts them: 1 this machine's id only, 2 `/run` only, 4 system, 8 the user's. */
  readonly flags: number;
  readonly namespace: string | null;
}

/** Globs of one `journalfiles`. */
const FILES_LIMIT = 100;

/** @returns the place, or what the refusal says. */
export function journalPlaceOf(options: ReadonlyMap<string, string>): JournalPlace | { readonly bad: string } {
  for (const name of options.keys())
    if (!KNOWN.includes(name)) return { bad: `unexpected option '${name}' of the systemd backend` };
  const flags = options.get("journalflags");
  if (flags !== undefined && !/^\d{1,3}$/.test(flags.trim()))
    return { bad: `journalflags must be a number: '${flags}'` };
  const isRotated = /^(?:1|yes|true|on)$/i.test(options.get("rotated")?.trim() ?? "");
  return {
    folder: options.get("journalpath") ?? null,
    files: (options.get("journalfiles") ?? "")
      .split(/[\s,]+/)
      .filter((glob) => glob !== "")
      .slice(0, FILES_LIMIT),
    flags: flags === undefined ? (isRotated ? 4 : 0) : Number(flags),
    namespace: options.get("namespace") ?? null,
  };
}

/** One text for each journal: jails with the same share a reader. */
export function placeKey(place: JournalPlace): string {
  return JSON.stringify([place.folder, place.files, place.flags, place.namespace]);
}

/** @returns journalctl's arguments for the place; null when it consists of files of which there is none now. */
export function placeArguments(place: JournalPlace): readonly string[] | null {
  const namespace = place.namespace === null ? [] : [`--namespace=${place.namespace}`];
  if (place.files.length > 0) {
    const files = place.files.flatMap(expandGlob);
    return files.length === 0 ? null : files.map((file) => `--file=${file}`);
  }
  const scope = FLAGS.flatMap(([bit, argument]) => ((place.flags & bit) === 0 ? [] : [argument]));
  const merge = (place.flags & 1) === 0 ? ["--merge"] : [];
  if (place.folder !== null)
    return [
      `--directory=${place.folder}`,
      ...merge,
      ...scope.filter((word) => !word.startsWith("--directory")),
      ...namespace,
    ];
  return [...merge, ...scope, ...namespace];
}

/** Whether there is any journal file in the place. */
export function isJournalThere(place: JournalPlace): boolean {
  if (place.files.length > 0) return place.files.some((glob) => expandGlob(glob).length > 0);
  const folders = place.folder === null ? ["/var/log/journal", "/run/log/journal"] : [place.folder];
  return folders.some(
    (folder) => expandGlob(`${folder}/*.journal`).length > 0 || expandGlob(`${folder}/*/*.journal`).length > 0,
  );
}

/** Changes when `journalfiles` matches other files, or when one of them was replaced by a rotation. */
export function filesSignature(place: JournalPlace): string {
  const files = place.files.flatMap(expandGlob);
  return files
    .map((file) => `${file}:${statSync(file, { bigint: true, throwIfNoEntry: false })?.ino ?? ""}`)
    .join("\n");
}

const KNOWN: readonly string[] = ["journalflags", "journalpath", "journalfiles", "namespace", "rotated"];
const FLAGS: readonly (readonly [bit: number, argument: string])[] = [
  [2, "--directory=/run/log/journal"],
  [4, "--system"],
  [8, "--user"],
];
