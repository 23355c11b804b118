/** Runs commands on a desk in memory and prints their answers as the client would, for tests. */
import type { Plain } from "../../../base/index.ts";
import type { FakeDesk } from "../desk.fake.ts";
import { readReply, writePickle } from "../pickle/index.ts";
import { respond, type Rights } from "../respond.ts";
import { findCommand, plainText } from "./index.ts";

/** Runs a request as a client would and prints the answer as it would be printed. */
export async function ask(desk: FakeDesk, words: readonly string[], rights: Rights = "all"): Promise<string> {
  const reply = readReply(writePickle(await respond(desk, words, rights)));
  if (reply.is !== "value")
    return reply.is === "error" ? `${reply.error.name}: ${plainText(reply.error.args[0] ?? null)}` : "other";
  const { command, args } = findCommand(words);
  return command.show === undefined
    ? plainText(reply.value)
    : command.show(reply.value, args.map(plainText), { unicode: true });
}

/** What is printed for a value that any server may answer. */
export function shown(line: string, value: Plain, unicode = true): string {
  const { command, args } = findCommand(line.split(" "));
  return command.show === undefined ? plainText(value) : command.show(value, args.map(plainText), { unicode });
}
