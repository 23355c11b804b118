/**
 * The server's end of the control socket: connections come, are answered, go; one bad client hurts nobody else (config-cli.md §5.1, §5.2).
 *
 * Knows no commands: `answer` does. Opening, rights and limits are here; directories, stale files and inherited descriptors in `place.ts`.
 */
import { rmSync } from "node:fs";
import { createServer, type Server, type Socket } from "node:net";
import type { Plain, Said } from "../../../base/index.ts";
import type { Answer } from "../pickle/index.ts";
import { Connection } from "./connection.ts";
import { SOCKET_LIMITS, type SocketLimits } from "./limits.ts";
import { bindWithMode, clearPlace } from "./place.ts";

export interface ControlOptions {
  /** Where to listen; a descriptor that somebody else opened stays in the file system when we end. */
  readonly at: { readonly path: string } | { readonly fd: number };
  /** Removes a file that is in the way. */
  readonly force?: boolean;
  /** Rights of the socket file; 0o700 unless given. */
  readonly mode?: number;
  /** Number of the group that may connect, with a mode that lets it. */
  readonly group?: number;
  readonly limits?: SocketLimits;
  /** The whole reply to one request: mostly a `Row(code, value)`. */
  readonly answer: (request: Plain) => Answer | Promise<Answer>;
  readonly say: (said: Said) => void;
}

export interface ControlServer {
  /** Whatever is asked from now on is answered with `['SHUTDOWN']`. */
  refuse(): void;
  /** Stops listening, lets answers under way go out (for at most `grace` milliseconds) and removes the socket's file. */
  close(grace?: number): Promise<void>;
}

/** What is answered while the server goes down. */
const SHUTDOWN: Answer = ["SHUTDOWN"];
/** Milliseconds that clients have to take their last answer. */
const GRACE = 1000;

/** @returns when it listens. @throws Refusal when the place is taken, or the system's error. */
export async function serveControl(options: ControlOptions): Promise<ControlServer> {
  const limits = options.limits ?? SOCKET_LIMITS;
  const clients = new Set<Connection>();
  let refusing = false;
  const server = createServer({ allowHalfOpen: true }, (socket) => {
    if (clients.size < limits.clients || makeRoom(clients)) admit(socket);
    else socket.destroy();
  });
  const admit = (socket: Socket): void => {
    const client: Connection = new Connection(socket, {
      limits,
      answer: (request) => (refusing ? SHUTDOWN : options.answer(request)),
      broken: (message) =>
        options.say({ level: "ERROR", logger: "asyncserver", text: `PROTO-error: load message failed: ${message}` }),
      closed: () => clients.delete(client),
    });
    clients.add(client);
  };
  await listen(server, options);
  server.on("error", (error) =>
    options.say({ level: "ERROR", logger: "asyncserver", text: `Control socket: ${error.message}` }),
  );
  return {
    refuse: () => {
      refusing = true;
    },
    close: (grace = GRACE) => close(server, clients, options.at, grace),
  };
}

/** Drops the client that has been idle longest. */
function makeRoom(clients: ReadonlySet<Connection>): boolean {
  let longest: Connection | null = null;
  for (const client of clients)
    if (client.idle && (longest === null || client.lastActive < longest.lastActive)) longest = client;
  longest?.drop();
  return longest !== null;
}

async function listen(server: Server, options: ControlOptions): Promise<void> {
  const listening = new Promise<void>((resolve, reject) => {
    server.once("listening", resolve);
    server.once("error", reject);
  });
  const { at } = options;
  if ("fd" in at) server.listen({ fd: at.fd });
  else {
    clearPlace(at.path, options.force ?? false, options.say);
    bindWithMode(at.path, options.mode ?? 0o700, options.group ?? null, () => server.listen(at.path));
  }
  await listening;
  server.removeAllListeners("error");
}

async function close(
  server: Server,
  clients: ReadonlySet<Connection>,
  at: ControlOptions["at"],
  grace: number,
): Promise<void> {
  const closed = new Promise<void>((resolve) => server.close(() => resolve()));
  // At once: when the last client has its answer, another server may stand there.
  if ("path" in at) rmSync(at.path, { force: true });
  for (const client of clients) client.finish();
  const late = setTimeout(() => {
    for (const client of clients) client.drop();
  }, grace);
  await closed;
  clearTimeout(late);
}
