/** The names in a folder, in the order in which the file system lists them (node's own readers sort). */
import { opendirSync } from "node:fs";

/** @returns at most `limit` names; none when the folder cannot be read. */
export function listFolder(folder: string, limit: number): string[] {
  const names: string[] = [];
  try {
    using entries = opendirSync(folder);
    for (let entry = entries.readSync(); entry !== null && names.length < limit; entry = entries.readSync())
      names.push(entry.name);
  } catch {
    return names;
  }
  return names;
}
