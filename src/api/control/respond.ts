/**
 * A request → its reply: finds the record, asks the desk, and makes of a Refusal the exception that clients know (config-cli.md §5.3, §6.1).
 * Never throws. Knows no bytes.
 */
import { pythonRepr, Refusal, Tuple, type Plain } from "../../base/index.ts";
import { findCommand } from "./commands/index.ts";
import type { Desk } from "./desk.ts";
import { Raised, raisedOf, Row, type Answer } from "./pickle/index.ts";
import { shownArgs } from "./shown.ts";

/** Who asks: root's socket, or the one that only answers questions. */
export type Rights = "all" | "ask";

/** @returns `(0, value)` or `(1, exception)`. */
export async function respond(desk: Desk, request: Plain, rights: Rights): Promise<Row> {
  try {
    return new Row(0, await carryOut(desk, request, rights));
  } catch (error) {
    const raised = error instanceof Refusal ? raisedOf(error) : bugOf(error);
    desk.say({
      level: "ERROR",
      logger: "transmitter",
      text: `Command ${shortRepr(request)} has failed. Received ${raisedRepr(raised)}`,
    });
    return new Row(1, raised);
  }
}

async function carryOut(desk: Desk, request: Plain, rights: Rights): Promise<Answer> {
  const { command, args } = findCommand(request);
  if (rights === "ask" && command.asks !== true)
    throw new Refusal("Exception", "Permission denied: this socket only answers questions");
  // Without `run` a record is not found.
  return command.run === undefined ? null : await command.run(desk, args);
}

/** Something that should not happen: the client learns of it as of any error, and the program goes on. */
function bugOf(error: unknown): Raised {
  return new Raised("builtins", "RuntimeError", [
    `internal error: ${error instanceof Error ? error.message : String(error)}`,
  ]);
}

/** Characters of a command that a log line shows; a stream of a whole configuration has a hundred times as many. */
const SHOWN = 10_000;

function shortRepr(request: Plain): string {
  const text = pythonRepr(request);
  return text.length <= SHOWN ? text : `${text.slice(0, SHOWN)}... (${text.length} characters)`;
}

function raisedRepr(raised: Raised): string {
  const { name } = raised;
  const args = shownArgs(raised);
  return args.length === 1 ? `${name}(${pythonRepr(args[0] ?? null)})` : `${name}${pythonRepr(new Tuple(...args))}`;
}
