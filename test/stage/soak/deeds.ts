/** What administrators do to a server all day, at random and all the time: commands, reloads, a firewall that is flushed. */
import { execFile } from "node:child_process";
import { renameSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import type { Plain } from "../../../src/base/index.ts";
import type { StagedServer } from "../crash/server.ts";

const run = promisify(execFile);
const client = fileURLToPath(new URL("../../../bin/fail2ban-client", import.meta.url));

export const JAILS = ["sshd", "web", "many"] as const;

/** A command with its words, of which some are made up on the spot. */
type Deed = (pick: (limit: number) => number, jail: string) => readonly Plain[];

const someone = (pick: (limit: number) => number): string => `10.1.${pick(8)}.${pick(250) + 1}`;

const DEEDS: readonly Deed[] = [
  () => ["ping"],
  () => ["status"],
  () => ["status", "--all"],
  (_, jail) => ["status", jail],
  (_, jail) => ["status", jail, "sources"],
  () => ["banned"],
  (pick) => ["banned", someone(pick)],
  (_, jail) => ["get", jail, "banip", "--with-time"],
  (pick, jail) => ["set", jail, "banip", someone(pick), someone(pick), someone(pick)],
  (pick, jail) => ["set", jail, "unbanip", someone(pick), someone(pick)],
  (pick, jail) => ["set", jail, "banip", `11.${pick(200)}.0.0/16`],
  (pick) => ["unban", someone(pick)],
  (pick, jail) => ["set", jail, "maxretry", String(3 + pick(5))],
  (pick, jail) => ["set", jail, "addignoreip", someone(pick)],
  (pick, jail) => ["set", jail, "attempt", someone(pick), "a line"],
  (_, jail) => ["set", jail, "idle", "on"],
  (_, jail) => ["set", jail, "idle", "off"],
  (pick, jail) => ["set", jail, "findtime", String(60 + pick(600))],
  () => ["get", "dbfile"],
  () => ["set", "nosuchjail", "banip", "192.0.2.1"],
  () => ["nonsense"],
];

/** Gives one command; a refusal is an answer too. @throws when there is none */
export async function command(server: StagedServer, random: () => number): Promise<void> {
  const pick = (limit: number): number => Math.floor(random() * limit);
  const words = DEEDS[pick(DEEDS.length)]?.(pick, JAILS[pick(JAILS.length)] ?? "sshd") ?? ["ping"];
  try {
    await server.ask(...words);
  } catch (cause) {
    if (!String(cause).includes("refused: ")) throw cause;
  }
}

/** Edits the configuration and reloads it by the real client, now and then with jails that begin anew. */
export async function reload(folder: string, random: () => number): Promise<void> {
  const dice = random();
  writeFileSync(
    join(folder, "jail.local"),
    `[DEFAULT]\nmaxretry = ${2 + Math.floor(random() * 3)}\n[web]\nbantime = ${5 + Math.floor(random() * 5)}\n[many]\nenabled = ${dice < 0.8 ? "true" : "false"}\n`,
  );
  const words = dice < 0.1 ? ["reload", "--restart"] : dice < 0.2 ? ["reload", "sshd"] : ["reload"];
  await run(client, ["-c", folder, ...words], { timeout: 60_000 });
}

/** The configuration as it was at first. */
export async function restoreFiles(folder: string): Promise<void> {
  rmSync(join(folder, "jail.local"), { force: true });
  await run(client, ["-c", folder, "reload"], { timeout: 60_000 });
}

/** Rotates the server's own log. */
export async function rotateLog(server: StagedServer): Promise<void> {
  renameSync(join(server.folder, "log"), join(server.folder, "log.1"));
  await server.ask("flushlogs");
}

/** Somebody restarts the firewall. */
export async function flushFirewall(): Promise<void> {
  await run("nft", ["flush", "ruleset"]);
}
