/**
 * Program: bundles the three programs into dist/, as plain modules without dependencies (`npm run build`).
 *
 *     node scripts/build.ts [folder]
 *
 * The same source gives the same bytes. The code stays readable: a stack trace of a user names functions and lines.
 */
import { mkdirSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { join, relative, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { rolldown } from "rolldown";

const root = fileURLToPath(new URL("..", import.meta.url));

export interface Bundle {
  /** Files written, the entry `main.mjs` among them. */
  readonly files: readonly string[];
  /** Packages of node_modules whose code is in it. */
  readonly packages: readonly string[];
}

/** Writes main.mjs and its chunks into `folder`, from which modules of an earlier build go. */
export async function bundle(folder: string): Promise<Bundle> {
  mkdirSync(folder, { recursive: true });
  for (const name of readdirSync(folder)) if (name.endsWith(".mjs")) rmSync(join(folder, name));
  const build = await rolldown({
    cwd: root,
    input: { main: "src/cli/programs.ts" },
    platform: "node",
    external: [/^node:/],
  });
  const { output } = await build.generate({
    format: "esm",
    entryFileNames: "[name].mjs",
    chunkFileNames: "[name].mjs",
    // One file for what every program starts with, a simple command whole: each further file takes a millisecond or so.
    codeSplitting: { groups: [{ name: "main", tags: ["$initial"] }] },
  });
  await build.close();
  for (const piece of output)
    writeFileSync(join(folder, piece.fileName), piece.type === "chunk" ? inAscii(piece.code) : piece.source);
  const modules = output.flatMap((piece) => (piece.type === "chunk" ? piece.moduleIds : []));
  return { files: output.map(({ fileName }) => fileName).toSorted(), packages: packagesOf(modules) };
}

/** Characters beyond ASCII up to which they are escaped; the tables of encodings have far more, and would become larger. */
const FEW = 1000;

/** Node keeps a source with a single such character at two bytes a character, and takes longer to read it. */
function inAscii(code: string): string {
  const foreign = /[^\0-\x7f]/g;
  if ((code.match(foreign)?.length ?? 0) > FEW) return code;
  return code.replace(foreign, (char) => `\\u${char.charCodeAt(0).toString(16).padStart(4, "0")}`);
}

function packagesOf(modules: readonly string[]): readonly string[] {
  const names = modules.map((id) => /node_modules\/((?:@[^/]+\/)?[^/]+)\//.exec(relative(root, id))?.[1]);
  return [...new Set(names.filter((name) => name !== undefined))].toSorted();
}

if (import.meta.main) {
  const folder = resolve(process.argv[2] ?? join(root, "dist"));
  const { files } = await bundle(folder);
  console.log(`${relative(process.cwd(), folder) || "."}: ${files.length} modules`);
}
