/** The files of the package, below one folder: who puts what where. */
import {
  chmodSync,
  lutimesSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { dirname, join } from "node:path";
import { gzipSync } from "node:zlib";
import { bundle, launcherOf, START } from "../build.ts";
import { completions } from "../completions.ts";
import { manPages } from "../man.ts";
import { copyright } from "./copyright.ts";

export interface TreeOptions {
  /** The project. */
  readonly root: string;
  /** Where the files go. */
  readonly folder: string;
  /** The program node, stripped; it is moved from there. */
  readonly node: string;
  /** The npm package it is of, which holds its licence. */
  readonly nodeFolder: string;
  /** Of Node, as that names it. */
  readonly arch: string;
  readonly version: string;
  readonly maintainer: string;
  readonly date: Date;
}

const NODE_LICENCE = "LICENSE.node";
const DOC = "usr/share/doc/fail2ban";

/** What the parts of the tree are put with. */
interface Hand {
  readonly root: string;
  put(path: string, text: string | Buffer, mode?: number): void;
  /** From the project. */
  copy(from: string, to: string, mode?: number): void;
  link(to: string, path: string): void;
  folder(path: string): void;
}

/** @returns the paths below /etc, relative to it, that the package brings for the administrator to change. */
export async function makeTree(options: TreeOptions): Promise<readonly string[]> {
  const hand = handOf(options);
  const bundled = await putPrograms(hand, options);
  putConfiguration(hand);
  const stock = filesBelow(join(options.folder, "usr/share/fail2ban/etc"));
  // Folders that the original's package has, too: dpkg lets them be when one is installed over the other.
  for (const path of [...stock.map(dirname), "fail2ban/fail2ban.d"])
    if (path.startsWith("fail2ban")) hand.folder(`etc/${path}`);
  hand.folder("var/lib/fail2ban");
  putForShells(hand);
  putDocuments(hand, options, bundled);
  return stock;
}

function handOf({ root, folder }: TreeOptions): Hand {
  const put: Hand["put"] = (path, text, mode = 0o644) => {
    mkdirSync(join(folder, dirname(path)), { recursive: true });
    writeFileSync(join(folder, path), text);
    chmodSync(join(folder, path), mode);
  };
  return {
    root,
    put,
    copy: (from, to, mode) => put(to, readFileSync(join(root, from)), mode),
    link: (to, path) => {
      mkdirSync(join(folder, dirname(path)), { recursive: true });
      symlinkSync(to, join(folder, path));
    },
    folder: (path) => void mkdirSync(join(folder, path), { recursive: true }),
  };
}

/** @returns the names of the npm packages whose code was bundled. */
async function putPrograms(hand: Hand, { folder, node, arch }: TreeOptions): Promise<readonly string[]> {
  const { packages } = await bundle(join(folder, "usr/lib/fail2ban"), arch);
  renameSync(node, join(folder, "usr/lib/fail2ban/node"));
  chmodSync(join(folder, "usr/lib/fail2ban/node"), 0o755);
  for (const program of ["server", "client", "regex"])
    hand.put(
      `usr/bin/fail2ban-${program}`,
      launcherOf(program, "/usr/lib/fail2ban/node", `/usr/lib/fail2ban/${START}`),
      0o755,
    );
  hand.copy("packaging/systemd/stop", "usr/lib/fail2ban/stop", 0o755);
  hand.copy("packaging/systemd/fail2ban.service", "lib/systemd/system/fail2ban.service");
  hand.copy("packaging/systemd/tmpfiles.conf", "usr/lib/tmpfiles.d/fail2ban.conf");
  return packages;
}

function putConfiguration({ root, copy }: Hand): void {
  for (const file of filesBelow(join(root, "config"))) {
    const isProgram = (statSync(join(root, "config", file)).mode & 0o100) !== 0;
    copy(`config/${file}`, `usr/share/fail2ban/etc/fail2ban/${file}`, isProgram ? 0o755 : 0o644);
  }
  copy("packaging/deb/default", "usr/share/fail2ban/etc/default/fail2ban");
  copy("packaging/deb/logrotate", "usr/share/fail2ban/etc/logrotate.d/fail2ban");
}

function putForShells({ put, link }: Hand): void {
  const { bash, zsh, fish } = completions();
  put("usr/share/bash-completion/completions/fail2ban-client", bash);
  put("usr/share/zsh/vendor-completions/_fail2ban", zsh);
  put("usr/share/fish/vendor_completions.d/fail2ban-client.fish", fish);
  for (const program of ["fail2ban-server", "fail2ban-regex"]) {
    link("fail2ban-client", `usr/share/bash-completion/completions/${program}`);
    link("fail2ban-client.fish", `usr/share/fish/vendor_completions.d/${program}.fish`);
  }
}

/** Pages for administrators; those for developers stay in the source. */
const PAGES = ["migrating.md", "DIFFERENCES.md", "json.md"];

function putDocuments({ root, put, copy, link }: Hand, options: TreeOptions, bundled: readonly string[]): void {
  for (const [file, text] of manPages(options.date)) {
    const place = `usr/share/man/man${file.slice(-1)}/${file}.gz`;
    const other = /^\.so man\d\/(.*)\n$/.exec(text)?.[1];
    if (other === undefined) put(place, packed(text));
    else link(`${other}.gz`, place);
  }
  const where = "usr/lib/fail2ban/*.mjs, usr/lib/fail2ban/tables/*";
  const carried = [
    ...bundled.map((name) => ({ name, folder: join(root, "node_modules", name), where })),
    { name: "Node.js", folder: options.nodeFolder, where: "usr/lib/fail2ban/node", apart: NODE_LICENCE },
  ];
  put(`${DOC}/copyright`, copyright(root, carried));
  put(`${DOC}/${NODE_LICENCE}.gz`, packed(readFileSync(join(options.nodeFolder, "LICENSE"), "utf8")));
  put(`${DOC}/changelog.gz`, packed(readFileSync(join(root, "CHANGELOG.md"), "utf8")));
  put(`${DOC}/changelog.Debian.gz`, packed(debianChangelog(options)));
  for (const page of PAGES) copy(`docs/${page}`, `${DOC}/${page}`);
  for (const name of ["stricter", "looser"]) copy(`packaging/systemd/${name}.conf`, `${DOC}/examples/${name}.conf`);
  copy("packaging/deb/lintian-overrides", "usr/share/lintian/overrides/fail2ban");
}

function debianChangelog({ version, maintainer, date }: TreeOptions): string {
  const day = date.toUTCString().replace(/ GMT$/, " +0000");
  const change = "  * Built from the source of fail2ban-ts; see changelog.gz.";
  return `fail2ban (${version}) unstable; urgency=medium\n\n${change}\n\n -- ${maintainer}  ${day}\n`;
}

function packed(text: string): Buffer {
  return gzipSync(text, { level: 9 });
}

/** Regular files below a folder, relative to it, in order; README files of the source's empty folders are left out. */
export function filesBelow(folder: string): readonly string[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((each) => each.isFile() && each.name !== "README")
    .map((each) => join(each.parentPath, each.name).slice(folder.length + 1))
    .toSorted();
}

/** Gives everything one time, so that it does not tell when it was built. */
export function setTimes(folder: string, date: Date): void {
  for (const each of readdirSync(folder, { recursive: true, withFileTypes: true })) {
    const path = join(each.parentPath, each.name);
    if (each.isDirectory()) chmodSync(path, 0o755);
    lutimesSync(path, date, date);
  }
  lutimesSync(folder, date, date);
}
