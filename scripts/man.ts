/**
 * Program: writes the manual pages, as roff (`npm run man`).
 *
 *     node scripts/man.ts [folder]
 *
 * Options, commands and tags come from the tables that the programs use; only the words around them stand in scripts/man/.
 */
import { mkdirSync, writeFileSync } from "node:fs";
import { join, relative, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { VERSION } from "../src/base/index.ts";
import { buildDate } from "./deb/date.ts";
import { CLIENT, SERVER } from "./man/client.ts";
import { ACTION, FILTER, JAIL } from "./man/files.ts";
import { OVERVIEW, REGEX } from "./man/overview.ts";
import { type Page, roff } from "./man/roff.ts";

export const PAGES: readonly Page[] = [OVERVIEW, CLIENT, SERVER, REGEX, JAIL, FILTER, ACTION];

/** File name → roff; another name of a page includes it. */
export function manPages(date: Date): ReadonlyMap<string, string> {
  const day = date.toISOString().slice(0, 10);
  const pages = PAGES.flatMap((page): readonly (readonly [string, string])[] => {
    const file = `${page.name}.${page.section}`;
    const others = (page.aliases ?? []).map(
      (name) => [`${name}.${page.section}`, `.so man${page.section}/${file}\n`] as const,
    );
    return [[file, roff(page, VERSION, day)], ...others];
  });
  return new Map(pages);
}

if (import.meta.main) {
  const root = fileURLToPath(new URL("..", import.meta.url));
  const folder = resolve(process.argv[2] ?? join(root, "dist/man"));
  mkdirSync(folder, { recursive: true });
  const pages = manPages(buildDate());
  for (const [file, text] of pages) writeFileSync(join(folder, file), text);
  console.log(`${relative(process.cwd(), folder)}: ${pages.size} pages`);
}
