/** The door of `daemon`: the server program. */
export type { Logging, ServerOptions, Startup } from "./options.ts";
export { runServer } from "./server.ts";
