/** Builds the Debian package for a test, quickly: compressed by gzip, which lintian knows. */
import { spawnSync } from "node:child_process";
import { mkdirSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

export const project = fileURLToPath(new URL("../../", import.meta.url));

/** @param more options of scripts/deb.ts @returns the path of the package */
export function buildPackage(folder: string, more: readonly string[] = []): string {
  const words = [join(project, "scripts/deb.ts"), "--out", folder, "--compression", "gzip", ...more];
  const said = spawnSync(process.execPath, ["--disable-warning=ExperimentalWarning", ...words], {
    encoding: "utf8",
    cwd: project,
  });
  const name = said.status === 0 ? readdirSync(folder).find((each) => each.endsWith(".deb")) : undefined;
  if (name === undefined) throw new Error(`npm run deb: ${said.stdout}${said.stderr}`);
  return join(folder, name);
}

/** Debian's own package, fetched into the cache when it is not there; null when it cannot be had. */
export function oraclePackage(): string | null {
  const folder = join(project, ".cache/oracle");
  mkdirSync(folder, { recursive: true });
  const find = (): string | undefined => readdirSync(folder).find((each) => /^fail2ban_1\.0\.2.*\.deb$/.test(each));
  if (find() === undefined)
    spawnSync("apt-get", ["-q", "-o", "APT::Sandbox::User=root", "download", "fail2ban=1.0.2-2"], { cwd: folder });
  const name = find();
  return name === undefined ? null : join(folder, name);
}
