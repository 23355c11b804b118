/**
 * Program: bundles the three programs into dist/, as plain modules without dependencies (`npm run build`), and the client's quick part and
 * fail2ban-regex as scripts with the code that V8 makes of them (src/cli/loader.ts).
 *
 *     node scripts/build.ts [folder]
 *
 * The same source gives the same bytes. The code stays readable: a stack trace of a user names functions and lines.
 */
import { spawnSync } from "node:child_process";
import { cpSync, mkdirSync, readFileSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { join, relative, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { rolldown, type OutputOptions, type Plugin, type RolldownOutput } from "rolldown";

const root = fileURLToPath(new URL("..", import.meta.url));

export interface Bundle {
  /** Files written, the entry `main.mjs` among them. */
  readonly files: readonly string[];
  /** Packages of node_modules whose code is in it. */
  readonly packages: readonly string[];
}

/** The file that starts one of the three programs. */
export function mainOf(program: string): string {
  return program === "server" ? "main.mjs" : "start.cjs";
}

/**
 * The words for Node with which bin/launch.sh starts one of the three programs: for launchers that need not look for anything.
 *
 * @throws when the file says it in another way than this expects
 */
export function optionsOf(program: string): readonly string[] {
  const script = readFileSync(join(root, "bin/launch.sh"), "utf8");
  const words = /^exec "\$node" (.*) "\$main" "\$program" "\$@"$/m.exec(script)?.[1];
  const young = /^case \$program in regex\) young=(\d+) ;; \*\) young=(\d+) ;; esac$/m.exec(script);
  const mib = program === "regex" ? young?.[1] : young?.[2];
  if (words === undefined || mib === undefined) throw new Error("bin/launch.sh: no line with the options for Node");
  return words.replace("$young", mib).split(" ");
}

/** Names of what a build leaves in its folder. */
const BUILT = /^(?:.*\.mjs|start\.cjs|(?:client|regex)\..*|tables)$/;

/**
 * Writes main.mjs and its chunks, and what starts the others, into `folder`, from which the files of an earlier build go.
 * @param arch of the machines that it is for; on others than this, these are compiled at each start
 */
export async function bundle(folder: string, arch: string = process.arch): Promise<Bundle> {
  mkdirSync(folder, { recursive: true });
  for (const name of readdirSync(folder)) if (BUILT.test(name)) rmSync(join(folder, name), { recursive: true });
  const { output } = await pack("main", "src/cli/programs.ts", {
    format: "esm",
    entryFileNames: "[name].mjs",
    chunkFileNames: "[name].mjs",
    // One file for what every program starts with: each further file takes a millisecond or so.
    codeSplitting: { groups: [{ name: "main", tags: ["$initial"] }] },
    comments: COMMENTS,
  });
  for (const piece of output)
    writeFileSync(join(folder, piece.fileName), piece.type === "chunk" ? frugal(piece.code) : piece.source);
  const modules = output.flatMap((piece) => (piece.type === "chunk" ? piece.moduleIds : []));
  const files = [...output.map(({ fileName }) => fileName), ...putTables(folder), ...(await putScripts(folder, arch))];
  return { files: files.toSorted(), packages: packagesOf(modules) };
}

/** The others stand in the source. */
const COMMENTS = { legal: true, annotation: false, jsdoc: false } as const;

async function pack(name: string, input: string, options: OutputOptions): Promise<RolldownOutput> {
  const build = await rolldown({
    cwd: root,
    input: { [name]: input },
    platform: "node",
    external: [/^node:/],
    plugins: [tablesApart],
  });
  const output = await build.generate(options);
  await build.close();
  return output;
}

/**
 * The tables of Asian encodings, which iconv-lite asks for when a log is in one of them: files of their own, so that a server does not keep
 * half a megabyte of them for nothing.
 */
const tablesApart: Plugin = {
  name: "tables apart",
  resolveId: (source) => (TABLE.test(source) ? { id: source, external: true } : null),
};
const TABLE = /^\.\/tables\/[\w-]+\.json$/;
const TABLES = "node_modules/iconv-lite/encodings/tables";

/** @returns their names, below `folder`. */
function putTables(folder: string): readonly string[] {
  cpSync(join(root, TABLES), join(folder, "tables"), { recursive: true });
  return readdirSync(join(root, TABLES)).map((name) => `tables/${name}`);
}

/** @returns the files: the loader, the scripts, and their code for this kind of processor. */
async function putScripts(folder: string, arch: string): Promise<readonly string[]> {
  writeFileSync(join(folder, "start.cjs"), inAscii(`"use strict";\n${await packOne("src/cli/loader.ts")}`));
  return ["start.cjs", ...(await putScript("client", folder, arch)), ...(await putScript("regex", folder, arch))];
}

async function putScript(program: string, folder: string, arch: string): Promise<readonly string[]> {
  const script = late(frugal(await packOne(`src/cli/${program}-script.ts`)));
  const path = join(folder, `${program}.js`);
  writeFileSync(path, `(function (require, exports) { "use strict";\n${script}\n})`);
  if (arch !== process.arch) return [`${program}.js`];
  const code = `${program}.${arch}.code`;
  const made = spawnSync(process.execPath, ["--random-seed=1", join(root, "scripts/script-code.ts"), path], {
    env: { ...process.env, NODE_OPTIONS: "" },
    maxBuffer: 2 ** 26,
  });
  if (made.status !== 0) throw new Error(`no code was made of ${path}: ${made.stderr.toString()}`);
  writeFileSync(join(folder, code), made.stdout);
  return [`${program}.js`, code];
}

/** Modules of Node's of which many runs need nothing; to load all of them takes 3 ms. */
const LATE = /^let (\w+) = require\("(node:(?:child_process|dns\/promises|net|os|zlib))"\);\n/gm;

/** @returns the script, in which these are asked for where they are used */
function late(script: string): string {
  const modules = [...script.matchAll(LATE)];
  const getters = modules.map(
    ([, name, module]) => `get ${name}() { return loaded.${name} ??= process.getBuiltinModule("${module}"); }`,
  );
  const uses = modules.reduce(
    (text, [, name]) => text.replaceAll(new RegExp(`\\b${name}\\b`, "g"), `late.${name}`),
    script.replaceAll(LATE, ""),
  );
  return `const loaded = {};\nconst late = { ${getters.join(", ")} };\n${uses}`;
}

async function packOne(input: string): Promise<string> {
  const { output } = await pack("script", input, { format: "cjs", codeSplitting: false, comments: COMMENTS });
  return output[0].code;
}

/** As it is kept in memory for as long as a server runs. */
function frugal(code: string): string {
  return inAscii(code).replace(IMPORT, (_, names: string, module: string) => take(names, module));
}

const IMPORT = /^import (.+) from "(node:[\w/]+)";$/gm;

/** To be imported, a module of Node's must name all that it has, for which it loads a score of others: promises of files, a prompt, web cryptography. */
function take(names: string, module: string): string {
  const asked = `process.getBuiltinModule("${module}")`;
  const [, whole, parts] = /^(?:(?:\* as )?([\w$]+))?(?:, )?(\{.*\})?$/.exec(names) ?? [];
  const lines = [...(whole === undefined ? [] : [`const ${whole} = ${asked};`])];
  if (parts !== undefined) lines.push(`const ${parts.replaceAll(" as ", ": ")} = ${asked};`);
  return lines.join(" ");
}

/** Characters beyond ASCII up to which they are escaped: tables that are nothing else would become larger. */
const FEW = 20_000;

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
