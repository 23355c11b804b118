/** The door of the control socket: its server, the client's end of it, the commands, and what these ask of the daemon. */
export * from "./desk.ts";
export {
  COMMANDS,
  findCommand,
  jsonOf,
  plainText,
  readFloat,
  SECTIONS,
  type Command,
  type Found,
  type Json,
  type Section,
  type View,
} from "./commands/index.ts";
export { Id, PickleError, Raised, raisedOf, Row, type Answer, type Reply } from "./pickle/index.ts";
export { respond, type Rights } from "./respond.ts";
export { shownArgs } from "./shown.ts";
export { READ_ONLY_LIMITS, SOCKET_LIMITS, type SocketLimits } from "./socket/limits.ts";
export { groupNumber, takeInheritedSocket } from "./socket/place.ts";
export { serveControl, type ControlOptions, type ControlServer } from "./socket/serve.ts";
export { LinkError, openLink, type Link } from "./socket/link.ts";
