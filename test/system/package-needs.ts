/** What the machines of test/system/package*.test.ts need besides `without(…)`. */
import { existsSync } from "node:fs";

/** One sentence when containers with systemd cannot be had, else false. */
export function nspawnIsMissing(): string | false {
  if (!existsSync("/usr/bin/systemd-nspawn")) return "needs systemd-nspawn (apt-get install systemd-container)";
  return existsSync("/usr/bin/dpkg-deb") ? false : "needs dpkg-deb";
}
