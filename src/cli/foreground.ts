/** Before a server is in this very process: what is looked at, and what it is told (config-cli.md §7.2). */
import { VERSION } from "../base/index.ts";
import type { Startup } from "../daemon/index.ts";
import { disk, readConfiguration, readReadOnlySocket, type Reading } from "../io/config/index.ts";
import { setOptimizing } from "../io/machine/index.ts";
import { readCommands } from "./configuration.ts";
import { isStale, refuse } from "./lifecycle.ts";
import type { Log } from "./log.ts";
import { fail, isAlive, type Session } from "./session.ts";

/** Of Node's own modules, it has the code compiled; V8 takes that only as long as its switches are as they were. */
const NEEDED = ["node:ffi", "node:cluster", "node:os", "node:sqlite"] as const;

/** Targets of the server's log that are read where this process's standard error is. */
const SAME_PLACE = /^(?:STDOUT|STDERR|SYSOUT)\b/i;

/** What the server in this process is told: plain values, which do not keep what has read them. */
export interface Start {
  readonly options: Startup;
  /** The configuration; null: somebody else will send it. */
  readonly reading: Reading | null;
}

/** Reads the configuration, unless somebody else will send it. @returns null: no server can be here; that is said. */
export async function prepare(session: Session): Promise<Start | null> {
  for (const name of NEEDED) process.getBuiltinModule(name);
  setOptimizing(false);
  const options = optionsOf(session);
  if (session.line.async) return { options, reading: null };
  if (await isInTheWay(session)) return unconfigured(session);
  const told: Parameters<Log>[] = [];
  const reading = readCommands(readConfiguration, session.line, (...line) => void told.push(line));
  // The server's own log tells all of it, too: not twice at the same place.
  if (!reading.usable || !SAME_PLACE.test(session.early.logtarget)) for (const line of told) session.log(...line);
  if (reading.usable) return { options, reading };
  refuse(session, reading);
  return unconfigured(session);
}

/** The configuration as it is now: for a server that is told to read it again. */
export function readAgain({ conf, overrides }: Startup): Reading {
  return readConfiguration(disk, conf, { version: VERSION, overrides });
}

async function isInTheWay(session: Session): Promise<boolean> {
  if (!(await isAlive(session.socket))) return isStale(session);
  fail(session, "Exception", "Server already running");
  return true;
}

/** Says that no server could be started. */
export function unconfigured({ log }: Session): null {
  log("ERROR", "Async configuration of server failed");
  return null;
}

/** `npm start` asks by the environment for what is no option of the original. */
function optionsOf({ line, io, early, socket, pidfile }: Session): Startup {
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
    readOnly: readReadOnlySocket(disk, conf),
  };
}
