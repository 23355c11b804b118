/** The server in this very process: what is looked at before it may start, and what it is told (config-cli.md §7.2). */
import type { ServerOptions } from "../daemon/index.ts";
import { isStale } from "./lifecycle.ts";
import { fail, isAlive, type Session } from "./session.ts";

const FAILED = 255;

/** Runs the server in this process; it reads the configuration itself, unless somebody else will send it. @returns its exit status. */
export async function serveInForeground(session: Session): Promise<number> {
  if (!session.line.async && (await isInTheWay(session))) return unconfigured(session);
  const { runServer } = await import("../daemon/index.ts");
  return runServer(optionsOf(session));
}

async function isInTheWay(session: Session): Promise<boolean> {
  if (!(await isAlive(session.socket))) return isStale(session);
  fail(session, "Exception", "Server already running");
  return true;
}

/** @returns the exit status of a server that could not be started. */
export function unconfigured({ log }: Session): number {
  log("ERROR", "Async configuration of server failed");
  return FAILED;
}

/** `npm start` asks by the environment for what is no option of the original. */
function optionsOf({ line, io, early, socket, pidfile }: Session): ServerOptions {
  const { conf, loglevel, logtarget, syslogsocket, pname, verbosity, force, async } = line;
  const overrides = {
    ...(loglevel === null ? {} : { loglevel }),
    ...(logtarget === null ? {} : { logtarget }),
    ...(syslogsocket === null ? {} : { syslogsocket }),
  };
  return {
    ...{ conf, socket, pidfile, early, overrides, pname, verbosity, force, async },
    watchOnly: io.env["FAIL2BAN_TS_WATCH_ONLY"] === "1",
    announce: io.env["FAIL2BAN_TS_ANNOUNCE"] === "1",
  };
}
