/** What actions say in the log, in fail2ban's words (engine.md §5.2, §5.3, §6.3–6.5); the last ones are our own. */
import type { Said } from "../../base/index.ts";

type ActionVerb = "starting" | "stopping" | "flushing" | "reloading";

export const words = {
  /** The message of a failed operation; `reason` is quoted as Python quotes. */
  operationFailed: (verb: ActionVerb, jail: string, action: string, reason: string): string =>
    `Error ${verb} action Jail('${jail}')/${action}: ${reason}`,
  scriptError: "'Script error'",
  ticketFailed: (verb: "banning" | "unbanning", id: string): string => `Error ${verb} ${id}`,

  checkFailed: (): Said => actionSays("ERROR", "Invariant check failed. Trying to restore a sane environment"),
  checkFailedAtUnban: (): Said => actionSays("ERROR", "Invariant check failed. Unban is impossible."),
  cannotRestore: (): Said => actionSays("CRITICAL", "Unable to restore environment"),

  startFailed: (jail: string, action: string, message: string): Said =>
    actionsSay("ERROR", `Failed to start jail '${jail}' action '${action}': ${message}`),
  stopFailed: (jail: string, action: string, message: string): Said =>
    actionsSay("ERROR", `Failed to stop jail '${jail}' action '${action}': ${message}`),
  banFailed: (
    verb: "ban" | "unban" | "prolong" | "reban",
    jail: string,
    action: string,
    id: string,
    message: string,
  ): Said =>
    actionsSay("ERROR", `Failed to execute ${verb} jail '${jail}' action '${action}' info '${id}': ${message}`),
  flush: (jail: string, action: string): Said => actionsSay("NOTICE", `[${jail}] Flush ticket(s) with ${action}`),
  flushFailed: (jail: string, action: string, message: string): Said =>
    actionsSay("ERROR", `Failed to flush bans in jail '${jail}' action '${action}': ${message}`),
  noFlush: (): Said => actionsSay("INFO", "No flush occurred, do consistency check"),
  reban: (jail: string, action: string, id: string): Said =>
    actionsSay("NOTICE", `[${jail}] Reban ${id}, action '${action}'`),

  batchFailed: (jail: string, action: string, count: number): Said =>
    actionSays("WARNING", `[${jail}] ${action}: a batch of ${count} orders failed; trying its halves`),
  restored: (jail: string, action: string, count: number): Said =>
    actionsSay("NOTICE", `[${jail}] Restored ${count} ban(s) with ${action}`),
  tooManyWaiting: (jail: string, action: string, limit: number): Said =>
    actionsSay(
      "ERROR",
      `[${jail}] ${action}: ${limit} orders wait already; further ones are refused until it has caught up`,
    ),
} as const;

function actionSays(level: Said["level"], text: string): Said {
  return { level, logger: "action", text };
}

function actionsSay(level: Said["level"], text: string): Said {
  return { level, logger: "actions", text };
}
