/**
 * The house rules that a program can check (CONTRIBUTING.md): who may import whom, what the core may not touch, how
 * long things may be, what may not be written. `npm run tidy` prints every breach with what to do about it.
 *
 * A comment `// tidy: reason` exempts from the budgets: before a file's first statement the file, on the line above a
 * function that function. Exemptions are counted and printed. Lint rules that oxlint has are in .oxlintrc.json.
 */
import { readdirSync, readFileSync, statSync } from "node:fs";
import { join, normalize } from "node:path";
import { Visitor, parseSync, type Comment } from "oxc-parser";

export interface Finding {
  readonly file: string;
  readonly line: number;
  readonly message: string;
  /** A breach of the budgets that a comment allows: printed, but not counted as wrong. */
  readonly allowed?: string;
}

/** Lower floors first. A room imports from lower floors only, rooms of one floor never from each other. */
const floors: readonly (readonly string[])[] = [
  ["base"],
  ["core/quirks"],
  ["core/option", "core/report", "core/line", "core/pattern"],
  ["core/date"],
  ["core/filter", "core/tally", "core/ban", "core/action"],
  ["core/jail"],
  ["io/log", "io/mail", "io/source", "io/firewall", "io/store", "io/config", "io/machine"],
  ["api/control"],
  ["daemon"],
  ["cli"],
];

const budgets = { file: 300, function: 60, nesting: 3, decision: 15 } as const;

/** Split, so that this file does not hold what it forbids. */
const banned: readonly (readonly [RegExp, string])[] = [
  [/\b(TO[D]O|FIX[M]E)\b/, "finish it or write an issue; a mark in the source is neither"],
  [/(^|[\s"'`=(:])\/(wor[k]|far[m])\//, "a path of one machine: make it relative to the project"],
  [/registr[y]\.(npmj[s]|yarnpk[g])|https?:\/\/[^\s"]*\bregistr[y]\b/, "name no package registry: npm knows its own"],
  [/^\s*"resolve[d]":/, "package-lock.json may not name hosts: npm config set omit-lockfile-registry-resolve"],
];

/** What would make the core's answers depend on more than its arguments. */
const ambient: readonly (readonly [RegExp, string])[] = [
  [/^(process|console|performance|globalThis|crypto|fetch)$/, "tell the core what it needs as an argument"],
  [/^(setTimeout|setInterval|setImmediate|queueMicrotask)$/, "return an effect; the daemon owns the clock"],
];
const ambientMembers =
  /^(Date\.now|Date\.parse|Math\.random|.*\.(getTimezoneOffset|(get|set)(Hours|Minutes|Seconds|Date|Day|Month|FullYear)))$/;

/** All findings of a tree; `files` are paths relative to the project, with their text. */
export function tidy(files: ReadonlyMap<string, string>): readonly Finding[] {
  const findings: Finding[] = [];
  for (const [file, text] of files) {
    findings.push(...tidyWords(file, text));
    if (file.endsWith(".ts")) findings.push(...tidySource(file, text));
    findings.push(...tidyQuirk(file, text, files), ...tidyDecision(file, text));
  }
  return findings;
}

function tidyWords(file: string, text: string): readonly Finding[] {
  return text
    .split("\n")
    .flatMap((words, index) =>
      banned.filter(([pattern]) => pattern.test(words)).map(([, message]) => ({ file, line: index + 1, message })),
    );
}

function tidyQuirk(file: string, text: string, files: ReadonlyMap<string, string>): readonly Finding[] {
  const name = /^src\/core\/quirks\/([^/]+?)\.ts$/.exec(file)?.[1];
  if (name === undefined || name === "index" || name.endsWith(".test")) return [];
  const finding = (message: string): Finding => ({ file, line: 1, message });
  return [
    ...(files.has(`src/core/quirks/${name}.test.ts`) ? [] : [finding(`a quirk owes a test: ${name}.test.ts`)]),
    ...(text.includes(`@quirk ${name}\n`) ? [] : [finding(`a quirk's header begins with "@quirk ${name}"`)]),
  ];
}

function tidyDecision(file: string, text: string): readonly Finding[] {
  const length = lineCount(text);
  if (!/^docs\/decisions\/.*\.md$/.test(file) || length <= budgets.decision) return [];
  return [
    { file, line: budgets.decision + 1, message: `a decision has at most ${budgets.decision} lines, not ${length}` },
  ];
}

function tidySource(file: string, text: string): readonly Finding[] {
  const { program, comments, errors } = parseSync(file, text);
  const lineOf = lineFinder(text);
  const findings: Finding[] = errors.map(({ message }) => ({ file, line: 1, message }));
  const exempt = exemptions(comments, lineOf);
  const first = program.body[0];
  const whole = [...exempt].find(([line]) => first === undefined || line < lineOf(first.start))?.[1];
  const over = (line: number, message: string): void => {
    const allowed = whole ?? exempt.get(line - 1);
    findings.push(allowed === undefined ? { file, line, message } : { file, line, message, allowed });
  };
  const length = lineCount(text);
  if (length > budgets.file) over(1, `${length} lines; at most ${budgets.file}: where would a reader cut it?`);
  const found = (at: Piece, message: string): void => void findings.push({ file, line: lineOf(at.start), message });
  visitImports(program, (at, target) => {
    for (const message of tidyImport(file, target)) found(at, message);
  });
  visitFunctions(program, lineOf, over);
  if (file.startsWith("src/core/") && !file.endsWith(".test.ts")) visitAmbient(program, found);
  return findings;
}

/** The room of a file below src/, null elsewhere: tests and scripts may look into every room. */
function roomOf(file: string): string | null {
  const [top, room, inner] = file.split("/");
  if (top !== "src" || room === undefined) return null;
  return room === "core" || room === "io" || room === "api" ? `${room}/${inner ?? ""}` : room;
}

function tidyImport(file: string, target: string): readonly string[] {
  const from = roomOf(file);
  if (from === null) return [];
  const isTest = file.endsWith(".test.ts");
  if (target.startsWith("node:")) return isTest ? [] : tidyBuiltIn(from, target);
  if (!target.startsWith(".")) return [];
  const path = normalize(join(file, "..", target));
  const to = roomOf(path);
  if (to === from) return [];
  if (to === null) return isTest ? [] : [`src may not import ${path}: what runs does not depend on tests or scripts`];
  const level = (room: string): number => floors.findIndex((floor) => floor.includes(room));
  if (level(from) < 0) return [`${from} is no room: add it to the floors of scripts/tidy.ts`];
  return [
    ...(level(to) < level(from)
      ? []
      : [`${from} reaches up or across to ${to}: pass the value in, or move the type down`]),
    ...(path.endsWith("/index.ts") || (/\.(test|fake)\.ts$/.test(file) && path.endsWith(".fake.ts"))
      ? []
      : [`${path} is a window: import from src/${to}/index.ts`]),
  ];
}

function tidyBuiltIn(room: string, target: string): readonly string[] {
  const allowed = room === "base" ? /^node:(assert|net)$/ : /^node:assert(\/strict)?$/;
  if (!/^(base|core)/.test(room) || allowed.test(target)) return [];
  return [`${room} is pure and may not import ${target}: pass in what it gives, or move this to io`];
}

/** A piece of a parsed file, as far as it is looked at here. */
interface Piece {
  readonly type: string;
  readonly start: number;
  readonly end: number;
}
type Program = Parameters<Visitor["visit"]>[0];

function visitImports(program: Program, found: (at: Piece, target: string) => void): void {
  const source = (node: Piece & { source: { value: string } | null }): void => {
    if (node.source !== null) found(node, node.source.value);
  };
  new Visitor({
    ImportDeclaration: source,
    ExportNamedDeclaration: source,
    ExportAllDeclaration: source,
    ImportExpression: (node) => {
      if (node.source.type === "Literal" && typeof node.source.value === "string") found(node, node.source.value);
    },
  }).visit(program);
}

/** Length and nesting of every function. Nesting counts control statements; an `else if` and an inner function start none. */
function visitFunctions(program: Program, lineOf: (at: number) => number, over: Over): void {
  const depths = [0];
  const uncounted = new Set<number>();
  const enter = (node: Piece): void => {
    const length = lineOf(node.end) - lineOf(node.start) + 1;
    depths.push(0);
    if (length > budgets.function && !uncounted.has(node.start))
      over(lineOf(node.start), `a function of ${length} lines; at most ${budgets.function}: name its parts`);
  };
  const leave = (): void => void depths.pop();
  const deeper = (node: Piece): void => {
    const depth = (depths.pop() ?? 0) + (uncounted.has(node.start) ? 0 : 1);
    depths.push(depth);
    if (depth === budgets.nesting + 1)
      over(lineOf(node.start), `nested ${depth} deep; at most ${budgets.nesting}: return early or name the inside`);
  };
  const shallower = (node: Piece): void => void depths.push((depths.pop() ?? 0) - (uncounted.has(node.start) ? 0 : 1));
  const visitor: Record<string, (node: never) => void> = {};
  for (const type of ["FunctionDeclaration", "FunctionExpression", "ArrowFunctionExpression"]) {
    visitor[type] = enter;
    visitor[`${type}:exit`] = leave;
  }
  for (const type of ["For", "ForIn", "ForOf", "While", "DoWhile", "Switch", "Try", "If"]) {
    visitor[`${type}Statement`] = deeper;
    visitor[`${type}Statement:exit`] = shallower;
  }
  new Visitor({
    ...visitor,
    IfStatement: (node) => {
      deeper(node);
      if (node.alternate?.type === "IfStatement") uncounted.add(node.alternate.start);
    },
    CallExpression: ({ callee, arguments: given }) => {
      // The body of a suite is a table of contents, not a function.
      const isSuite = callee.type === "Identifier" && /^(describe|suite)$/.test(callee.name);
      if (isSuite) for (const body of given) uncounted.add(body.start);
    },
  }).visit(program);
}
type Over = (line: number, message: string) => void;

/** Whatever lets the core see the world: time, chance, the process, waiting. */
function visitAmbient(program: Program, found: (at: Piece, message: string) => void): void {
  const names = new Set<number>(); // where a name is a member's or a key's, not a variable's
  const waits = (node: Piece): void =>
    found(node, "the core does not wait: return an effect, take the answer as an input");
  const ifAsync = (node: Piece & { async: boolean }): void => {
    if (node.async) waits(node);
  };
  const key = (node: { key: Piece; computed?: boolean; shorthand?: boolean }): void => {
    if (node.computed !== true && node.shorthand !== true) names.add(node.key.start);
  };
  new Visitor({
    FunctionDeclaration: ifAsync,
    FunctionExpression: ifAsync,
    ArrowFunctionExpression: ifAsync,
    AwaitExpression: waits,
    Property: key,
    PropertyDefinition: key,
    MethodDefinition: key,
    TSPropertySignature: key,
    TSMethodSignature: key,
    MemberExpression: (node) => {
      if (node.computed || node.property.type !== "Identifier") return;
      names.add(node.property.start);
      const object = node.object.type === "Identifier" ? node.object.name : "";
      const member = `${object}.${node.property.name}`;
      if (ambientMembers.test(member)) found(node, `${member}: time, zone and chance come into the core as arguments`);
    },
    NewExpression: ({ callee, arguments: given, ...node }) => {
      if (callee.type === "Identifier" && callee.name === "Date" && given.length === 0)
        found(node, "new Date(): time comes into the core as an argument");
    },
    Identifier: (node) => {
      const rule = names.has(node.start) ? undefined : ambient.find(([name]) => name.test(node.name));
      if (rule !== undefined) found(node, `${node.name}: ${rule[1]}`);
    },
  }).visit(program);
}

/** Line → reason of each `// tidy: reason`. */
function exemptions(comments: readonly Comment[], lineOf: (at: number) => number): ReadonlyMap<number, string> {
  const reasons = comments.map(({ value, start }) => [lineOf(start), /^\s*tidy: (\S.*)/.exec(value)?.[1]] as const);
  return new Map(reasons.flatMap(([line, reason]) => (reason === undefined ? [] : [[line, reason] as const])));
}

function lineFinder(text: string): (at: number) => number {
  const starts = [0];
  for (let at = text.indexOf("\n"); at >= 0; at = text.indexOf("\n", at + 1)) starts.push(at + 1);
  return (at) => starts.findLastIndex((start) => start <= at) + 1;
}

function lineCount(text: string): number {
  return text.split("\n").length - (text.endsWith("\n") ? 1 : 0);
}

/** What is checked: everything of ours that is text. */
const places = [".ci", "bench", "bin", "config", "docs", "packaging", "scripts", "src", "test"];

function readTree(): ReadonlyMap<string, string> {
  const inFolders = places.flatMap((place) =>
    readdirSync(place, { recursive: true, encoding: "utf8" }).map((path) => join(place, path)),
  );
  const paths = [...readdirSync("."), ...inFolders].filter((path) => statSync(path).isFile()).toSorted();
  const texts = paths.map((path) => [path, readFileSync(path, "utf8")] as const);
  return new Map(texts.filter(([, text]) => !text.includes("\0")));
}

function main(): void {
  const files = readTree();
  const findings = tidy(files);
  const wrong = findings.filter((finding) => finding.allowed === undefined);
  for (const { file, line, message } of wrong) console.log(`${file}:${line}: ${message}`);
  const exempt = Map.groupBy(
    findings.filter((finding) => finding.allowed !== undefined),
    ({ file, allowed }) => `${file}: ${allowed}`,
  );
  for (const [reason, { length }] of exempt) console.log(`exempt (${length}) ${reason}`);
  console.log(`${files.size} files, ${exempt.size} exemptions, ${wrong.length} to put right`);
  process.exitCode = wrong.length === 0 ? 0 : 1;
}

if (import.meta.main) main();
