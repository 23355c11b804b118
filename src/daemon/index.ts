/** The door of `daemon`: the server program. */
export type { Logging, ServerOptions } from "./options.ts";
export { runServer } from "./server.ts";
