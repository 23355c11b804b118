/**
 * The package for the other architecture, built here by the same script: its Node is fetched by npm, the one that package-lock.json
 * pins. It cannot be run here; what it says of itself and what its runtime is made for can be read.
 */
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { buildPackage, project } from "./package-build.ts";

const OTHER = process.arch === "arm64" ? "x64" : "arm64";
const DEBIAN = { arm64: "arm64", x64: "amd64" }[OTHER];
/** e_machine of an ELF file: EM_AARCH64, EM_X86_64. */
const MACHINE = { arm64: 183, x64: 62 }[OTHER];
const NAME = `node-linux-${OTHER}`;
const cache = join(project, ".cache/stage", NAME);

const out = mkdtempSync(join(tmpdir(), "fail2ban-ts-other-"));
after(() => rmSync(out, { recursive: true, force: true }));

test(`the package for ${DEBIAN} says so, and carries a Node for it`, { skip: fetchNode() }, () => {
  const built = buildPackage(out, ["--arch", OTHER, "--node", join(cache, "package")]);
  assert.ok(built.endsWith(`_${DEBIAN}.deb`), built);
  assert.equal(said("dpkg-deb", "-f", built, "Architecture").trim(), DEBIAN);
  said("dpkg-deb", "-x", built, join(out, "tree"));
  const node = readFileSync(join(out, "tree/usr/lib/fail2ban/node"));
  assert.equal(node.toString("latin1", 0, 4), "\x7fELF");
  assert.equal(node.readUInt16LE(18), MACHINE);
  const bill = readFileSync(built.replace(/deb$/, "cdx.json"), "utf8");
  assert.ok(bill.includes(`"${NAME}"`) && !bill.includes(`"node-linux-${process.arch}"`));
});

/** Fetches the Node package into the cache, once. @returns why it cannot be had, or false */
function fetchNode(): string | false {
  if (!existsSync("/usr/bin/dpkg-deb")) return "needs dpkg-deb";
  if (existsSync(join(cache, "package/bin/node"))) return false;
  mkdirSync(cache, { recursive: true });
  const { version, integrity } = lock();
  const packed = spawnSync("npm", ["pack", `${NAME}@${version}`, "--fetch-retries=1"], {
    cwd: cache,
    encoding: "utf8",
  });
  const file = readdirSync(cache).find((name) => name.endsWith(".tgz"));
  if (packed.status !== 0 || file === undefined) return `npm cannot bring ${NAME} (no network?)`;
  const sum = createHash("sha512")
    .update(readFileSync(join(cache, file)))
    .digest("base64");
  assert.equal(`sha512-${sum}`, integrity);
  said("tar", "-xzf", join(cache, file), "-C", cache);
  rmSync(join(cache, file));
  return false;
}

function lock(): { readonly version: string; readonly integrity: string } {
  const text = readFileSync(join(project, "package-lock.json"), "utf8");
  const { packages } = JSON.parse(text) as {
    readonly packages: Readonly<Record<string, { readonly version: string; readonly integrity: string }>>;
  };
  const found = packages[`node_modules/${NAME}`];
  assert.ok(found !== undefined, `${NAME} is not in package-lock.json`);
  return found;
}

function said(program: string, ...words: readonly string[]): string {
  const ran = spawnSync(program, words, { encoding: "utf8" });
  assert.equal(ran.status, 0, ran.stderr);
  return ran.stdout;
}
