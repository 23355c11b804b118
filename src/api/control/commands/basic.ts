/** Commands of the whole program (config-cli.md §6.2, §6.3). Those without `run` are the client's own. */
import { Refusal, type Plain } from "../../../base/index.ts";
import type { Desk, JailDesk, ReloadOptions } from "../desk.ts";
import { Id, type Answer } from "../pickle/index.ts";
import { isList, isMap, jsonOf, listOf, plainText, readFloat, texts, type Command } from "./command.ts";

/** Made when it is needed: an error that is kept keeps whoever made it. */
export const invalid = (): Refusal => new Refusal("Exception", "Invalid command");

export const BASIC: readonly Command[] = [
  {
    words: "start",
    section: "BASIC",
    help: "starts the server and all jails",
  },
  {
    words: "restart",
    section: "BASIC",
    help: "stops the server and starts it again",
  },
  {
    words: "restart <JAIL>",
    syntax: "restart [--unban] [--if-exists] <JAIL>",
    section: "BASIC",
    help: "stops one jail and starts it again (short for 'reload --restart ... <JAIL>')",
  },
  {
    words: "reload",
    usage: "[--restart] [--unban] [--all]",
    section: "BASIC",
    help: "reads the configuration again and carries the changes over to the running jails; with '--restart' the jails are stopped and started, with '--unban' their bans are lifted too",
    needs: 3,
    run: async (desk, [target, options, stream]) => {
      await desk.reload(
        target === "--all" ? null : plainText(target ?? ""),
        reloadOptions(listOf(options)),
        streamOf(stream),
      );
      return "OK";
    },
  },
  {
    words: "reload <JAIL>",
    syntax: "reload [--restart] [--unban] [--if-exists] <JAIL>",
    section: "BASIC",
    help: "the same for one jail",
  },
  {
    words: "stop",
    section: "BASIC",
    help: "stops all jails and ends the server",
    run: (desk) => done(desk.stopServer(false)),
    show: () => "Shutdown successful",
  },
  {
    words: "stop --keep",
    section: "BASIC",
    help: "the same, when another start follows: bans stay in the kernel where that is possible, and nobody gets in between",
    run: (desk) => done(desk.stopServer(true)),
    show: () => "Shutdown successful",
  },
  {
    words: "unban --all",
    section: "BASIC",
    help: "lifts all bans, in all jails and in the database",
    run: (desk) => desk.unban(null),
  },
  {
    words: "unban",
    usage: "<IP> ... <IP>",
    section: "BASIC",
    help: "lifts the bans of these addresses, in all jails and in the database",
    run: (desk, ids) => {
      if (ids.length === 0) throw invalid();
      return desk.unban(texts(ids));
    },
  },
  {
    words: "banned",
    section: "BASIC",
    help: "lists the banned addresses of each jail",
    asks: true,
    run: (desk, ids) => (ids.length === 0 ? desk.jails().map(bansByName) : jailsThatBan(desk, texts(ids))),
    json: (value, ids) =>
      ids.length === 0
        ? Object.fromEntries(
            listOf(value).flatMap((jail) => (isMap(jail) ? [...jail].map(([name, bans]) => [name, jsonOf(bans)]) : [])),
          )
        : Object.fromEntries(ids.map((id, i) => [id, jsonOf(listOf(value)[i] ?? [])])),
  },
  {
    words: "banned <IP>",
    syntax: "banned <IP> ... <IP>",
    section: "BASIC",
    help: "lists for each of these addresses the jails that ban it",
  },
  {
    words: "ping",
    section: "BASIC",
    help: "asks whether the server is alive",
    asks: true,
    run: () => "pong",
    show: (value) => `Server replied: ${plainText(value)}`,
  },
  {
    words: "echo",
    usage: "[<TEXT> ...]",
    section: "BASIC",
    help: "is answered with what it was given",
    asks: true,
    run: (_, words) => words,
    show: (value) => listOf(value).map(plainText).join(" "),
  },
  {
    words: "version",
    section: "BASIC",
    help: "asks for the server's version",
    asks: true,
    run: (desk) => desk.version,
  },
  {
    words: "server-status",
    section: "BASIC",
    help: null,
    asks: true,
    run: () => "Server ready",
  },
  {
    words: "server-stream",
    section: "BASIC",
    help: null,
    needs: 1,
    run: (desk, [stream]) => done(desk.serverStream(streamOf(stream))),
  },
  {
    words: "sleep",
    section: "BASIC",
    help: null,
    needs: 1,
    run: (desk, [length]) => done(desk.sleep(readFloat(length))),
  },
  {
    words: "config-error",
    section: "BASIC",
    help: null,
    needs: 1,
    run: (desk, [message]) => done(desk.say({ level: "ERROR", logger: "transmitter", text: plainText(message ?? "") })),
  },
];

/** The answer of commands that only do something: nothing, once it is done. */
export async function done(deed: void | Promise<void>): Promise<null> {
  await deed;
  return null;
}

function reloadOptions(options: readonly Plain[]): ReloadOptions {
  return {
    restart: options.includes("--restart"),
    unban: options.includes("--unban"),
    ifExists: options.includes("--if-exists"),
  };
}

function streamOf(stream: Plain | undefined): readonly Plain[] {
  if (!isList(stream)) throw invalid();
  return stream;
}

function bansByName(jail: JailDesk): Answer {
  return new Map([[jail.name, jail.bans().map((ban) => new Id(ban.id))]]);
}

function jailsThatBan(desk: Desk, ids: readonly string[]): Answer {
  const jails = desk.jails().map((jail) => ({ name: jail.name, banned: new Set(jail.bans().map((ban) => ban.id)) }));
  return ids.map((id) => jails.filter(({ banned }) => banned.has(desk.listedAs(id))).map(({ name }) => name));
}
