/** The real file system behind the stages of configuration reading. */
import { constants, lstatSync, opendirSync, readdirSync, readFileSync, statSync } from "node:fs";
import { resolve } from "node:path";
import { decode, REPLACED } from "./decode.ts";
import type { Files, FileText } from "./files.ts";
import { FILE_BYTES } from "./limits.ts";

export const disk: Files = { read, list, names, kind, absolute: (path) => resolve(path) };

/** The same files for a short while, each read once. */
export function remembering(files: Files): Files {
  const once = <Value>(ask: (path: string) => Value): ((path: string) => Value) => {
    const known = new Map<string, Value>();
    return (path) => {
      const value = known.get(path) ?? ask(path);
      known.set(path, value);
      return value;
    };
  };
  return { ...files, read: once(files.read), names: once(files.names), kind: once(files.kind) };
}

/** Without waiting: what is no file after all, such as a named pipe put there just now, must not hold up the program. */
const AT_ONCE = constants.O_RDONLY | constants.O_NONBLOCK;

function read(path: string): FileText {
  try {
    const stat = statSync(path, { throwIfNoEntry: false });
    if (stat === undefined) return { ok: false, reason: "missing" };
    if (!stat.isFile()) return { ok: false, reason: "not a file" };
    if (stat.size > FILE_BYTES) return { ok: false, reason: "too large" };
    // Text at once: Node has a way of its own for that, which takes a third of the time of reading bytes.
    const text = readFileSync(path, { encoding: "utf8", flag: AT_ONCE });
    return text.includes(REPLACED) ? decode(readFileSync(path, { flag: AT_ONCE })) : { ok: true, text };
  } catch {
    return { ok: false, reason: "denied" };
  }
}

/** Not `readdirSync`: that sorts, and the order in which logs are added is the directory's own. */
function list(path: string): readonly string[] {
  const names: string[] = [];
  try {
    const directory = opendirSync(path, { bufferSize: 1024 });
    try {
      for (let entry = directory.readSync(); entry !== null; entry = directory.readSync()) names.push(entry.name);
    } finally {
      directory.closeSync();
    }
  } catch {
    return [];
  }
  return names;
}

function names(path: string): readonly string[] {
  try {
    return readdirSync(path);
  } catch {
    return [];
  }
}

function kind(path: string): ReturnType<Files["kind"]> {
  try {
    const stat = statSync(path, { throwIfNoEntry: false });
    if (stat !== undefined) return stat.isFile() ? "file" : stat.isDirectory() ? "directory" : "other";
  } catch {
    // Looked at as what is not there.
  }
  return isLink(path) ? "dangling" : "missing";
}

function isLink(path: string): boolean {
  try {
    return lstatSync(path).isSymbolicLink();
  } catch {
    return false;
  }
}
