/**
 * The control sockets of a server: root's, and where `readonlysocket` asks for it a second one that only answers questions,
 * for a group (config-cli.md §5.1; the second one is ours).
 */
import { Refusal, type Said } from "../base/index.ts";
import {
  groupNumber,
  READ_ONLY_LIMITS,
  respond,
  serveControl,
  takeInheritedSocket,
  type ControlServer,
  type Desk,
} from "../api/control/index.ts";
import type { ReadOnlySocket } from "../io/config/index.ts";

export interface DoorOptions {
  readonly path: string;
  readonly force: boolean;
  readonly readOnly: ReadOnlySocket | null;
  readonly desk: Desk;
  readonly say: (said: Said) => void;
}

/** @returns what answers at all sockets, or why the first cannot be opened. Without the second one the server goes on, and says so. */
export async function openDoors(options: DoorOptions): Promise<ControlServer | string> {
  const { path, force, desk, say } = options;
  const fd = takeInheritedSocket(process.env, process.pid);
  const at = fd === null ? { path } : { fd };
  try {
    const first = await serveControl({ at, force, answer: (request) => respond(desk, request, "all"), say });
    const second = options.readOnly === null ? null : await openReadOnly(options.readOnly, options);
    return second === null ? first : both(first, second);
  } catch (cause) {
    if (cause instanceof Refusal) return `Could not start server: ${cause.message}`;
    return `Cannot listen at ${path}: ${reasonOf(cause)}`;
  }
}

async function openReadOnly(
  { path, group }: ReadOnlySocket,
  { desk, say }: DoorOptions,
): Promise<ControlServer | null> {
  const number = group === "" ? null : groupNumber(group);
  const complain = (why: string): null => {
    say({ level: "ERROR", logger: "server", text: `readonlysocket = ${path} is not opened: ${why}` });
    return null;
  };
  if (group !== "" && number === null)
    return complain(`there is no group '${group}'; see readonlygroup in fail2ban.conf`);
  const rights = number === null ? { mode: 0o700 } : { mode: 0o660, group: number };
  try {
    const answer = (request: Parameters<typeof respond>[1]) => respond(desk, request, "ask");
    return await serveControl({ at: { path }, force: true, ...rights, limits: READ_ONLY_LIMITS, answer, say });
  } catch (cause) {
    return complain(reasonOf(cause));
  }
}

function both(first: ControlServer, second: ControlServer): ControlServer {
  return {
    refuse() {
      first.refuse();
      second.refuse();
    },
    async close(grace) {
      await Promise.all([first.close(grace), second.close(grace)]);
    },
  };
}

function reasonOf(cause: unknown): string {
  return cause instanceof Error ? cause.message : String(cause);
}
