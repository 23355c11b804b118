/**
 * A path pattern → the paths that match it now, as Python's glob finds them (config-cli.md §2.5).
 *
 * Patterns in folders and names, no `**`, no leading dots by wildcard, in the order in which the folders list their entries.
 */
import { lstatSync, statSync } from "node:fs";
import { join } from "node:path";
import { listFolder } from "./folder.ts";
import { isPattern, nameExpression } from "./fnmatch.ts";

/** Paths of one pattern; more are left out. */
const PATHS_LIMIT = 10_000;
/** Names looked at in one folder. */
const NAMES_LIMIT = 1_000_000;

export function expandGlob(pattern: string): string[] {
  if (!isPattern(pattern)) return exists(pattern) ? [pattern] : [];
  const [folderPattern, namePattern] = split(pattern);
  const folders = isPattern(folderPattern) ? expandGlob(folderPattern) : [folderPattern];
  const found: string[] = [];
  for (const folder of folders) {
    for (const name of namesIn(folder, namePattern)) {
      if (found.length < PATHS_LIMIT)
        found.push(folder === "" ? name : folder.endsWith("/") ? folder + name : `${folder}/${name}`);
    }
  }
  return found;
}

/** Whether the pattern leads to this path, be there a file or not. */
export function leadsTo(pattern: string, path: string): boolean {
  const [parts, names] = [pattern.split("/"), path.split("/")];
  return parts.length === names.length && parts.every((part, i) => nameExpression(part).test(names[i] ?? ""));
}

/** A folder in which something that leads to a new match may appear, and the pattern of its name. */
export interface Birthplace {
  readonly folder: string;
  readonly name: string;
}

/** Where a new match of the pattern would appear: also where a new folder would that has one. */
export function birthplacesOf(pattern: string): Birthplace[] {
  const [folder, name] = split(pattern);
  if (!isPattern(folder)) return [{ folder: folder === "" ? "." : folder, name }];
  return [
    ...birthplacesOf(folder),
    ...expandGlob(folder)
      .filter(isFolder)
      .map((found) => ({ folder: found, name })),
  ];
}

function split(pattern: string): [folder: string, name: string] {
  const slash = pattern.lastIndexOf("/");
  const folder = pattern.slice(0, slash + 1);
  const bare = folder.replace(/\/+$/, "");
  return [bare === "" ? folder : bare, pattern.slice(slash + 1)];
}

function namesIn(folder: string, namePattern: string): string[] {
  if (namePattern === "") return isFolder(folder) ? [""] : [];
  if (!isPattern(namePattern)) return exists(join(folder, namePattern)) ? [namePattern] : [];
  const expression = nameExpression(namePattern);
  const dots = namePattern.startsWith(".");
  const names = listFolder(folder === "" ? "." : folder, NAMES_LIMIT);
  return names.filter((name) => (dots || !name.startsWith(".")) && expression.test(name));
}

/** A dangling link exists: who asked for it says so. */
function exists(path: string): boolean {
  try {
    return path.endsWith("/") ? isFolder(path) : lstatSync(path, { throwIfNoEntry: false }) !== undefined;
  } catch {
    return false;
  }
}

function isFolder(path: string): boolean {
  try {
    return statSync(path, { throwIfNoEntry: false })?.isDirectory() ?? false;
  } catch {
    return false;
  }
}
