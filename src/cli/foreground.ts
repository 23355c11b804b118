/** The server in this very process: what is looked at before it may start, and what it is told (config-cli.md §7.2). */
import type { ServerOptions } from "../daemon/index.ts";
import { readConfiguration } from "../io/config/index.ts";
import { setOptimizing } from "../io/machine/index.ts";
import { readCommands } from "./configuration.ts";
import { isStale, refuse } from "./lifecycle.ts";
import type { Log } from "./log.ts";
import { fail, isAlive, type Session } from "./session.ts";

const FAILED = 255;

/** Of Node's own modules, it has the code compiled; V8 takes that only as long as its switches are as they were. */
const NEEDED = ["node:ffi", "node:cluster"] as const;

/** Targets of the server's log that are read where this process's standard error is. */
const SAME_PLACE = /^(?:STDOUT|STDERR|SYSOUT)\b/i;

/** Runs the server in this process; it reads the configuration itself, unless somebody else will send it. @returns its exit status. */
export async function serveInForeground(session: Session): Promise<number> {
  for (const name of NEEDED) process.getBuiltinModule(name);
  setOptimizing(false);
  const { runServer } = await import("../daemon/index.ts");
  if (session.line.async) return runServer(optionsOf(session), null);
  if (await isInTheWay(session)) return unconfigured(session);
  const told: Parameters<Log>[] = [];
  const reading = readCommands(readConfiguration, session.line, (...line) => void told.push(line));
  // The server's own log tells all of it, too: not twice at the same place.
  if (!reading.usable || !SAME_PLACE.test(session.early.logtarget)) for (const line of told) session.log(...line);
  if (reading.usable) return runServer(optionsOf(session), reading);
  refuse(session, reading);
  return unconfigured(session);
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
  const { conf, loglevel, logtarget, syslogsocket, pname, force } = line;
  const overrides = {
    ...(loglevel === null ? {} : { loglevel }),
    ...(logtarget === null ? {} : { logtarget }),
    ...(syslogsocket === null ? {} : { syslogsocket }),
  };
  return {
    ...{ conf, socket, pidfile, early, overrides, pname, force },
    verbosity: line.verbosity - 1,
    watchOnly: io.env["FAIL2BAN_TS_WATCH_ONLY"] === "1",
    announce: io.env["FAIL2BAN_TS_ANNOUNCE"] === "1",
    out: io.out,
    err: io.err,
  };
}
