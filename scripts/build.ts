/**
 * Program: bundles the three programs into dist/, as plain modules without dependencies (`npm run build`), and as scripts the server, and with
 * the code that V8 makes of them the client's quick parts and fail2ban-regex (src/cli/loader.ts).
 *
 *     node scripts/build.ts [folder]
 *
 * The same source gives the same bytes. A stack trace of a user names functions, and columns of files that hold one long line.
 */
import { spawnSync } from "node:child_process";
import { cpSync, mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, relative, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { rolldown, type OutputOptions, type Plugin, type RolldownOutput } from "rolldown";
import { minifySync } from "rolldown/utils";

const root = fileURLToPath(new URL("..", import.meta.url));

export interface Bundle {
  /** Files written, the entry `main.mjs` among them. */
  readonly files: readonly string[];
  /** Packages of node_modules whose code is in it. */
  readonly packages: readonly string[];
}

/** The file that starts the three programs. */
export const START = "start.cjs";

/** A launcher of one of the three programs that need not look for anything: what bin/launch.sh does once it has found Node and the program. */
export function launcherOf(program: string, node: string, main: string): string {
  const script = readFileSync(join(root, "bin/launch.sh"), "utf8");
  const found = script.indexOf("unset ");
  if (found < 0) throw new Error("bin/launch.sh: it does not unset NODE_OPTIONS once it has found the program");
  return `#!/bin/sh\nprogram=${program}\nnode='${node}'\nmain='${main}'\n${script.slice(found)}`;
}

/** The words for Node with which it starts one of the programs. @param program `dump` for the client that is called with `-d` */
export function optionsOf(program: "client" | "dump" | "server" | "regex"): readonly string[] {
  const [name, ...words] = program === "dump" ? ["client", "-d"] : [program];
  const script = launcherOf(name ?? "", "echo", "main");
  const { stdout, stderr } = spawnSync("sh", ["-c", script, "launcher", ...words], { encoding: "utf8" });
  const [options, rest] = stdout.split(" main ");
  if (options === undefined || rest === undefined)
    throw new Error(`bin/launch.sh gives no options for Node: ${stderr}`);
  return options.split(" ");
}

/** Names of what a build leaves in its folder. */
const BUILT = /^(?:.*\.mjs|(?:start|iconv)\.cjs|(?:client|dump|server|daemon|regex)\..*|tables)$/;

/**
 * Writes main.mjs and its chunks, and what starts the others, into `folder`, from which the files of an earlier build go.
 * @param arch of the machines that it is for; on others than this, these are compiled at each start
 */
export async function bundle(folder: string, arch: string = process.arch): Promise<Bundle> {
  mkdirSync(folder, { recursive: true });
  for (const name of readdirSync(folder)) if (BUILT.test(name)) rmSync(join(folder, name), { recursive: true });
  const mail = await packOne("nodemailer", "esm");
  writeFileSync(join(folder, MAIL), frugal(mail.code));
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
  const modules = [mail, ...output].flatMap((piece) => (piece.type === "chunk" ? piece.moduleIds : []));
  const names = [MAIL, ...output.map(({ fileName }) => fileName)];
  const files = [...names, ...putTables(folder), ...(await putScripts(folder, arch))];
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
    plugins: [...(options.format === "cjs" ? [seldom] : []), ...(name === "nodemailer" ? [] : [apart])],
  });
  const output = await build.generate(options);
  await build.close();
  return output;
}

/**
 * The tables of Asian encodings, which iconv-lite asks for when a log is in one of them, and the library for mail: files of their own, so that a
 * server does not keep a megabyte of them for nothing.
 */
const apart: Plugin = {
  name: "apart",
  resolveId: (source) =>
    TABLE.test(source) || source === "nodemailer"
      ? { id: source === "nodemailer" ? `./${MAIL}` : source, external: true }
      : null,
};
const MAIL = "nodemailer.mjs";
const TABLE = /^\.\/tables\/[\w-]+\.json$/;
const TABLES = "node_modules/iconv-lite/encodings/tables";

/**
 * The library of encodings, in a script: a file of its own, of which a server whose logs are in UTF-8 has nothing. (Only its three functions that
 * are used, src/core/line/encoding.ts.)
 */
const seldom: Plugin = {
  name: "seldom",
  resolveId: (source, importer) =>
    source === `./${ICONV}`
      ? { id: source, external: true }
      : source === "iconv-lite" && importer !== undefined
        ? "\0iconv-lite"
        : null,
  load: (id) =>
    id !== "\0iconv-lite"
      ? null
      : `const library = () => require("./${ICONV}");
        const encodingExists = (name) => library().encodingExists(name);
        const decode = (bytes, name, options) => library().decode(bytes, name, options);
        const encode = (text, name, options) => library().encode(text, name, options);
        export default { encodingExists, decode, encode };`,
};
const ICONV = "iconv.cjs";

/** @returns their names, below `folder`. */
function putTables(folder: string): readonly string[] {
  cpSync(join(root, TABLES), join(folder, "tables"), { recursive: true });
  return readdirSync(join(root, TABLES)).map((name) => `tables/${name}`);
}

/** @returns the files: the loader, the scripts, and their code for this kind of processor. */
async function putScripts(folder: string, arch: string): Promise<readonly string[]> {
  writeFileSync(join(folder, START), inAscii(`"use strict";\n${(await packOne("src/cli/loader.ts", "cjs")).code}`));
  writeFileSync(join(folder, ICONV), small((await packOne("iconv-lite", "cjs")).code, "script"));
  const files = [];
  for (const program of ["client", "dump", "server", "daemon", "regex"] as const)
    files.push(...(await putScript(program, folder, arch)));
  return [START, ICONV, ...files];
}

type Program = "client" | "dump" | "server" | "daemon" | "regex";

async function putScript(program: Program, folder: string, arch: string): Promise<readonly string[]> {
  const code = (await packOne(`src/cli/${program}-script.ts`, "cjs")).code;
  const isServer = program === "server" || program === "daemon";
  const script = isServer ? code : late(code);
  const path = join(folder, `${program}.js`);
  writeFileSync(path, small(`(function (require, exports) { "use strict";\n${script}\n})`, "script"));
  if (arch !== process.arch || isServer) return [`${program}.js`];
  const name = `${program}.${arch}.code`;
  const conf = program === "dump" ? allJails() : null;
  const words = conf === null ? [] : ["-c", conf, "-d"];
  const made = spawnSync(
    process.execPath,
    [
      ...optionsOf(program),
      "--random-seed=1",
      join(root, "scripts/script-code.ts"),
      path,
      join(folder, name),
      ...words,
    ],
    { env: { ...process.env, NODE_OPTIONS: "" }, maxBuffer: 2 ** 26 },
  );
  if (conf !== null) rmSync(conf, { recursive: true });
  if (made.status !== 0) throw new Error(`no code was made of ${path}: ${made.stderr.toString()}`);
  return [`${program}.js`, name];
}

/** The stock configuration with all jails enabled, and one with what they have not, in a folder that is the caller's to remove. */
function allJails(): string {
  const folder = mkdtempSync(join(tmpdir(), "fail2ban-ts-jails-"));
  cpSync(join(root, "config"), folder, { recursive: true });
  const names = readFileSync(join(folder, "jail.conf"), "utf8").matchAll(/^\[(?!DEFAULT|INCLUDES)([^\]]+)\]$/gm);
  const jails = [...names].map(([header]) => `${header}\nenabled = true\nlogpath = ${folder}/jail.conf\n`);
  writeFileSync(
    join(folder, "jail.local"),
    [
      ...jails,
      `[seldom]\nenabled = true\nfilter = %(__name__)s[one=2]\naction = seldom\n    seldom[actname=two, name=b]\nlogpath = ${folder}/*.conf\n`,
    ].join(""),
  );
  writeFileSync(join(folder, "filter.d/seldom.conf"), SELDOM);
  writeFileSync(join(folder, "action.d/seldom.conf"), "[Definition]\nactionban = echo <ip>\n");
  return folder;
}

const SELDOM = `[Definition]
failregex = ^%(__prefix_line)sé € 拒否 '<HOST>'$
            ^<known/one> <Init/one> "<HOST>"\\s$
__prefix_line = \\S+\t
maxlines = 2
datepattern = {^LN-BEG}
journalmatch = _COMM=x + "_UNIT=y z"
[Init]
one = 1
`;

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

async function packOne(input: string, format: "cjs" | "esm"): Promise<RolldownOutput["output"][0]> {
  const { output } = await pack(input, input, { format, codeSplitting: false, comments: COMMENTS });
  return output[0];
}

/** As it is kept in memory for as long as a server runs. */
function frugal(code: string): string {
  return small(ownModules(code), "module");
}

function ownModules(code: string): string {
  return code.replace(IMPORT, (_, names: string, module: string) => take(names, module));
}

/** Without what only a reader needs, but with the names of functions and classes: half a megabyte less in a server. @throws when it is no code */
function small(code: string, kind: "module" | "script"): string {
  const result = minifySync("code.js", code, {
    module: kind === "module",
    compress: false,
    mangle: { toplevel: false, keepNames: true },
    codegen: { removeWhitespace: true, legalComments: "inline" },
  });
  if (result.errors.length > 0) throw new Error(result.errors.map(({ message }) => message).join("\n"));
  return inAscii(result.code);
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
