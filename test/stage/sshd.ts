/** A real sshd on a world's guarded machine, logging through rsyslog as Debian's does or to a journal, and the attack on it. */
import { existsSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { must, until, type World } from "./world.ts";

export interface Sshd {
  readonly port: number;
  /** The log that sshd's lines end in. */
  readonly log: string;
}

export async function startSshd(world: World, port: number): Promise<Sshd> {
  const log = join(world.folder, "auth.log");
  await startLogger(world, log);
  await runSshd(world, port, (words) => words);
  return { port, log };
}

/** An sshd that logs to what listens at /dev/log. @param as what runs its command: the command itself, or one around it */
export async function runSshd(
  world: World,
  port: number,
  as: (words: readonly string[]) => readonly string[],
): Promise<void> {
  const key = join(world.folder, "host-key");
  await must(world.onGuarded("ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", key));
  const settings = join(world.folder, "sshd_config");
  // Without PAM a wrong password is answered at once instead of after two seconds.
  const common = `HostKey ${key}\nUsePAM no\nPasswordAuthentication yes\nPidFile none\nLogLevel VERBOSE\nMaxStartups 100\n`;
  // From OpenSSH 9.8 on sshd itself shuts attackers out for a while: not under test here. Older ones refuse the word.
  writeFileSync(settings, `${common}PerSourcePenalties no\n`);
  if ((await world.onGuarded("/usr/sbin/sshd", "-t", "-f", settings)).status !== 0) writeFileSync(settings, common);
  const sshd = world.start(as(["/usr/sbin/sshd", "-D", "-f", settings, "-p", String(port)]));
  const { v4 } = world.attacker(1);
  await until(`sshd on port ${port}: ${sshd.printed()}`, 10, async () => (await world.probe(v4, port)) === "open");
}

async function startLogger(world: World, log: string): Promise<void> {
  const socket = join(world.folder, "log");
  const settings = join(world.folder, "rsyslog.conf");
  writeFileSync(
    settings,
    `global(workDirectory="${world.folder}")
module(load="imuxsock" SysSock.Use="off")
input(type="imuxsock" Socket="${socket}" CreatePath="on")
auth,authpriv.* action(type="omfile" file="${log}" template="RSYSLOG_TraditionalFileFormat")
`,
  );
  writeFileSync(log, "");
  const logger = world.start(["rsyslogd", "-n", "-f", settings, "-i", join(world.folder, "rsyslog.pid")]);
  await until(`rsyslogd's socket: ${logger.printed()}`, 10, () => Promise.resolve(existsSync(socket)));
}

/** One wrong password. A connection that is open when the ban falls just hangs: hence the limit of 3 s. */
export async function guessPassword(world: World, from: string, port: number, user = "root"): Promise<void> {
  const to = from.includes(":") ? world.guarded.v6 : world.guarded.v4;
  const options = ["StrictHostKeyChecking=no", "UserKnownHostsFile=/dev/null", "ConnectTimeout=2"];
  const password = ["PreferredAuthentications=password", "PubkeyAuthentication=no", "NumberOfPasswordPrompts=1"];
  await world.onAttackers(
    ...["timeout", "3", "sshpass", "-p", "wrong", "ssh", "-F", "none", "-b", from, "-p", String(port)],
    ...[...options, ...password].flatMap((option) => ["-o", option]),
    ...[`${user}@${to}`, "true"],
  );
}

/** Guesses until the port is closed for this address. Gives up, with an error, after 12 guesses that all got through. */
export async function attack(world: World, from: string, port: number): Promise<void> {
  for (let guess = 1; guess <= 12; guess += 1) {
    await guessPassword(world, from, port);
    if ((await world.probe(from, port)) !== "open") return;
  }
  throw new Error(`${from} guessed 12 passwords and still reaches port ${port}`);
}
