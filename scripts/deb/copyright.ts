/** The package's licences, for /usr/share/doc/fail2ban/copyright: ours, and that of everything that is carried along. */
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

export interface Licensed {
  readonly name: string;
  readonly folder: string;
  /** The files of the package that hold it. */
  readonly where: string;
}

/** @throws Error when something that is carried along has no licence file. */
export function copyright(root: string, carried: readonly Licensed[]): string {
  const ours = readFileSync(join(root, "LICENSE"), "utf8").trim();
  const others = carried.map(({ name, folder, where }) => {
    const file = readdirSync(folder).find((entry) => /^licen[cs]e/i.test(entry));
    if (file === undefined) throw new Error(`${name} has no licence file`);
    return section(`${name} (${where})`, readFileSync(join(folder, file), "utf8").trim());
  });
  return `fail2ban-ts\n\n${ours}\n${others.join("")}`;
}

function section(title: string, text: string): string {
  return `\n${"-".repeat(78)}\n\n${title}\n\n${text}\n`;
}
