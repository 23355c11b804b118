/**
 * What a test needs of the machine, checked before it runs. A test that lacks something skips itself with the reason,
 * which test/reporter.ts lists at the end of the run:
 *
 *     test("bans an address", { skip: without("root", "nft") }, () => …)
 */
import { accessSync, constants, existsSync } from "node:fs";
import { spawnSync } from "node:child_process";
import { oracleLacks } from "./oracle.ts";

/** A program in PATH, by the Debian package that brings it. */
const packages = {
  ip: "iproute2",
  ipset: "ipset",
  iptables: "iptables",
  journalctl: "systemd",
  mmdebstrap: "mmdebstrap",
  nft: "nftables",
  python3: "python3",
  rsyslogd: "rsyslog",
  ssh: "openssh-client",
  sshd: "openssh-server",
  sshpass: "sshpass",
  unshare: "util-linux",
} as const;

export type Need = keyof typeof packages | "root" | "namespaces" | "oracle";

/** `false` when all is there, as node:test's `skip` wants it; else one sentence that names what is missing. */
export function without(...needs: readonly Need[]): string | false {
  const lacks = needs.map(lack).filter((reason) => reason !== null);
  return lacks.length === 0 ? false : lacks.join("; ");
}

function lack(need: Need): string | null {
  if (need === "oracle") return oracleLacks();
  if (need === "root") return process.geteuid?.() === 0 ? null : "needs root";
  if (need === "namespaces") return namespaces();
  return inPath(need) ? null : `needs ${need} (apt-get install ${packages[need]}, or npm test -- --with-packages)`;
}

/** Root in a container may lack the right to make namespaces: only trying tells. */
function namespaces(): string | null {
  const made = spawnSync("unshare", ["--net", "--mount", "true"], { stdio: "ignore" });
  return made.status === 0 ? null : "needs the right to make network and mount namespaces";
}

function inPath(program: string): boolean {
  const folders = `${process.env["PATH"] ?? ""}:/usr/sbin:/sbin`.split(":");
  return folders.some((folder) => isExecutable(`${folder}/${program}`));
}

function isExecutable(path: string): boolean {
  if (!existsSync(path)) return false;
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
