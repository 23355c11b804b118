/** The package's licences, for /usr/share/doc/fail2ban/copyright: ours, and those of everything that is carried along. */
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

export interface Licensed {
  readonly name: string;
  readonly folder: string;
  /** The files of the package that hold it. */
  readonly where: string;
  /** The file of its own that its licence is put into; absent: it stands in the text. */
  readonly apart?: string;
}

/** @throws Error when something that is carried along has no licence file. */
export function copyright(root: string, carried: readonly Licensed[]): string {
  const ours = readFileSync(join(root, "LICENSE"), "utf8").trim();
  return `fail2ban-ts\n\n${ours}\n${carried.map(section).join("")}`;
}

function section({ name, folder, where, apart }: Licensed): string {
  const file = readdirSync(folder).find((entry) => /^licen[cs]e/i.test(entry));
  if (file === undefined) throw new Error(`${name} has no licence file`);
  const text =
    apart === undefined
      ? readFileSync(join(folder, file), "utf8").trim()
      : `Its licences stand in the file ${apart}.gz beside this one.`;
  return `\n${"-".repeat(78)}\n\n${name} (${where})\n\n${text}\n`;
}
