/** What the control socket allows; at each limit only the client that goes beyond it is refused or dropped. */
import { PICKLE_LIMITS, type PickleLimits } from "../pickle/index.ts";

export interface SocketLimits {
  /** Bytes of one request; a longer one is answered with an error, and the connection closed. */
  readonly frame: number;
  /** Requests read ahead on one connection while one is being answered; then its bytes stay unread. */
  readonly ahead: number;
  /** Bytes of answers a client may leave unread; then its next requests wait. */
  readonly unread: number;
  /** Connections at once; one more drops the one that has been idle longest, or itself if none is idle. */
  readonly clients: number;
  /** Milliseconds without a byte, after which a client is dropped that has sent half a request or leaves an answer unread. Idle ones may stay. */
  readonly stalled: number;
  readonly pickle: PickleLimits;
}

/** The socket of root. */
export const SOCKET_LIMITS: SocketLimits = {
  frame: 32 * 1024 * 1024,
  ahead: 16,
  unread: 1024 * 1024,
  clients: 256,
  stalled: 60_000,
  pickle: PICKLE_LIMITS,
};

/** The second socket, which only answers questions: nobody asks long ones. */
export const READ_ONLY_LIMITS: SocketLimits = {
  ...SOCKET_LIMITS,
  frame: 64 * 1024,
  clients: 64,
  pickle: { depth: 4, items: 1000, characters: 64 * 1024 },
};
