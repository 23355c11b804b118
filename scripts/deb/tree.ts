/** The files of the package, below one folder: who puts what where. */
import { chmodSync, cpSync, lstatSync, lutimesSync, mkdirSync, readdirSync, readFileSync, renameSync, symlinkSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { gzipSync } from "node:zlib";
import { bundle } from "../build.ts";
import { completions } from "../completions.ts";
import { manPages } from "../man.ts";
import { copyright, type Licensed } from "./copyright.ts";

export interface TreeOptions {
  /** The project. */
  readonly root: string;
  /** Where the files go. */
  readonly folder: string;
  /** The program node, stripped. */
  readonly node: string;
  readonly version: string;
  readonly date: Date;
}

/** @returns the paths below /etc, relative to it, that the package brings through ucf. */
export async function makeTree(options: TreeOptions): Promise<readonly string[]> {
  const { root, folder, node, date } = options;
  const put = (path: string, text: string | Buffer, mode = 0o644): void => {
    mkdirSync(join(folder, dirname(path)), { recursive: true });
    writeFileSync(join(folder, path), text);
    chmodSync(join(folder, path), mode);
  };
  const copy = (from: string, to: string, mode?: number): void => put(to, readFileSync(join(root, from)), mode);

  const { packages } = await bundle(join(folder, "usr/lib/fail2ban"));
  renameNode(node, join(folder, "usr/lib/fail2ban/node"));
  copy("packaging/systemd/stop", "usr/lib/fail2ban/stop", 0o755);
  for (const program of ["server", "client", "regex"]) put(`usr/bin/fail2ban-${program}`, launcher(root, program), 0o755);

  for (const file of filesBelow(join(root, "config"))) copy(`config/${file}`, `usr/share/fail2ban/etc/fail2ban/${file}`);
  copy("packaging/deb/default", "usr/share/fail2ban/etc/default/fail2ban");
  copy("packaging/deb/logrotate", "usr/share/fail2ban/etc/logrotate.d/fail2ban");
  const stock = filesBelow(join(folder, "usr/share/fail2ban/etc"));

  copy("packaging/systemd/fail2ban.service", "lib/systemd/system/fail2ban.service");
  copy("packaging/systemd/tmpfiles.conf", "usr/lib/tmpfiles.d/fail2ban.conf");
  for (const [file, text] of manPages(date)) put(`usr/share/man/man${file.slice(-1)}/${file}.gz`, packed(text));
  const { bash, zsh, fish } = completions();
  put("usr/share/bash-completion/completions/fail2ban-client", bash);
  for (const program of ["server", "regex"]) symlinkSync("fail2ban-client", join(folder, `usr/share/bash-completion/completions/fail2ban-${program}`));
  put("usr/share/zsh/vendor-completions/_fail2ban", zsh);
  put("usr/share/fish/vendor_completions.d/fail2ban-client.fish", fish);
  for (const program of ["server", "regex"]) symlinkSync("fail2ban-client.fish", join(folder, `usr/share/fish/vendor_completions.d/fail2ban-${program}.fish`));

  const doc = "usr/share/doc/fail2ban";
  put(`${doc}/copyright`, copyright(root, licensed(root, packages)));
  put(`${doc}/changelog.gz`, packed(readFileSync(join(root, "CHANGELOG.md"), "utf8")));
  put(`${doc}/changelog.Debian.gz`, packed(debianChangelog(options)));
  for (const page of documents(root)) copy(`docs/${page}`, `${doc}/${page}`);
  for (const name of ["stricter", "looser"]) copy(`packaging/systemd/${name}.conf`, `${doc}/examples/${name}.conf`);
  return stock;
}

/** Pages for administrators; those for developers stay in the source. */
function documents(root: string): readonly string[] {
  return readdirSync(join(root, "docs")).filter((name) => ["migrating.md", "DIFFERENCES.md", "json.md"].includes(name));
}

function licensed(root: string, packages: readonly string[]): readonly Licensed[] {
  const node = ["x64", "arm64"].map((arch) => `node_modules/node-linux-${arch}`).find((path) => hasFolder(root, path));
  const bundled = packages.map((name) => ({ name, folder: join(root, "node_modules", name), where: "usr/lib/fail2ban/*.mjs" }));
  return node === undefined ? bundled : [...bundled, { name: "Node.js", folder: join(root, node), where: "usr/lib/fail2ban/node" }];
}

function hasFolder(root: string, path: string): boolean {
  return lstatSync(join(root, path), { throwIfNoEntry: false })?.isDirectory() === true;
}

function renameNode(from: string, to: string): void {
  renameSync(from, to);
  chmodSync(to, 0o755);
}

/** As bin/launch.sh, without looking for anything; its options for Node are taken from there. */
function launcher(root: string, program: string): string {
  const options = /^exec "\$node" (.*) "\$main" "\$program" "\$@"$/m.exec(readFileSync(join(root, "bin/launch.sh"), "utf8"))?.[1];
  if (options === undefined) throw new Error("bin/launch.sh has no line with the options for Node");
  return [
    "#!/bin/sh",
    "unset NODE_OPTIONS # meant for another Node, and not a way to steer a daemon of root's",
    `exec /usr/lib/fail2ban/node ${options} /usr/lib/fail2ban/main.mjs ${program} "$@"`,
    "",
  ].join("\n");
}

function debianChangelog({ version, date }: TreeOptions): string {
  const day = date.toUTCString().replace(/^(...), (.*) GMT$/, "$1, $2 +0000");
  return `fail2ban (${version}) unstable; urgency=medium\n\n  * Built from the source of fail2ban-ts; see changelog.gz.\n\n -- The fail2ban-ts project <fail2ban-ts@localhost>  ${day}\n`;
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

/** Copies the program node, without what only debuggers read where that can be done. */
export function copyNode(from: string, to: string): void {
  cpSync(from, to, { dereference: true });
}
