/**
 * Debian's fail2ban 1.0.2, unpacked by scripts/oracle.sh and run from there, as the programs that ours are compared
 * with. Its files are read and its programs run; nothing of it is copied into this project.
 *
 * FAIL2BAN_ORACLE names another tree. It is 1.0.2: what only later versions do is tested from their description.
 */
import { existsSync } from "node:fs";
import { fileURLToPath } from "node:url";

const python = "/usr/bin/python3";

/** The folder that holds the package's usr/ and etc/. */
export const oracleTree: string =
  process.env["FAIL2BAN_ORACLE"] ?? fileURLToPath(new URL("../.cache/oracle/tree", import.meta.url));

/** Its configuration, as the package installs it. */
export const oracleConfig = `${oracleTree}/etc/fail2ban`;

/** The environment its programs need, to be spread over a test's own. */
export const oracleEnvironment = {
  PYTHONPATH: `${oracleTree}/usr/lib/python3/dist-packages`,
  PYTHONDONTWRITEBYTECODE: "1",
} as const;

/** The command words that start one of its programs; give them `oracleEnvironment`. */
export function oracleProgram(program: "server" | "client" | "regex"): readonly [string, string] {
  return [python, `${oracleTree}/usr/bin/fail2ban-${program}`];
}

/** Why it cannot be run here, or null. */
export function oracleLacks(): string | null {
  if (!existsSync(python)) return "fail2ban itself needs python3 (apt-get install python3)";
  if (!existsSync(oracleProgram("regex")[1])) return "fail2ban 1.0.2 could not be fetched (sh scripts/oracle.sh)";
  return null;
}
