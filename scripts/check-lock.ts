/**
 * Program: exits 1, naming each, when what lies below node_modules is not what package-lock.json pins.
 *
 *     node scripts/check-lock.ts runtime|dev
 *
 * npm's own word does not do: `npm install --no-save` quietly departs from a lock that disagrees with package.json, and
 * an npm on an old Node quietly leaves out the native parts of tools that want a newer one.
 */
import { readFileSync } from "node:fs";

interface Package {
  readonly version?: string;
  readonly integrity?: string;
  readonly dev?: boolean;
  readonly optional?: boolean;
  readonly devOptional?: boolean;
  readonly os?: readonly string[];
  readonly cpu?: readonly string[];
  readonly libc?: readonly string[];
}

function read(path: string): ReadonlyMap<string, Package> {
  const lock = JSON.parse(readFileSync(path, "utf8")) as { readonly packages: Readonly<Record<string, Package>> };
  return new Map(Object.entries(lock.packages).filter(([place]) => place !== ""));
}

/** A package for this machine's kind must be there; one that is optional for another reason may be. */
function isOwed(wanted: Package, withTools: boolean): boolean {
  if ((wanted.dev === true || wanted.devOptional === true) && !withTools) return false;
  const here = { os: process.platform, cpu: process.arch, libc: "glibc" } as const;
  const kinds = (["os", "cpu", "libc"] as const).filter((kind) => wanted[kind] !== undefined);
  if (wanted.optional === true && kinds.length === 0) return false;
  return kinds.every((kind) => wanted[kind]?.includes(here[kind]));
}

const pinned = read("package-lock.json");
const installed = read("node_modules/.package-lock.json");
const withTools = process.argv[2] === "dev";
const wrong = [
  ...[...pinned]
    .filter(([place, it]) => isOwed(it, withTools) && !installed.has(place))
    .map(([place]) => `${place} is missing`),
  ...[...installed]
    .filter(([place, it]) => pinned.get(place)?.version !== it.version || pinned.get(place)?.integrity !== it.integrity)
    .map(([place, it]) => `${place} is ${it.version}, the lock has ${pinned.get(place)?.version ?? "none"}`),
];
for (const sentence of wrong) console.error(sentence);
process.exitCode = wrong.length === 0 ? 0 : 1;
