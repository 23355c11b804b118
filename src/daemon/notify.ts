/**
 * What systemd is told: READY, RELOADING with the monotonic time, STATUS, STOPPING, WATCHDOG (sd_notify(3)).
 *
 * Only where systemd asks for it by NOTIFY_SOCKET. By datagram; without datagrams through the command systemd-notify.
 */
import { spawn } from "node:child_process";
import type { Datagrams } from "../io/datagram/index.ts";

export interface Notifier {
  ready(status: string): void;
  reloading(): void;
  status(text: string): void;
  stopping(): void;
  close(): void;
}

const SILENT: Notifier = {
  ready: () => {},
  reloading: () => {},
  status: () => {},
  stopping: () => {},
  close: () => {},
};

/** @param environment NOTIFY_SOCKET, WATCHDOG_USEC and WATCHDOG_PID are taken out of it, so that no action inherits them. */
export function openNotifier(environment: NodeJS.ProcessEnv, datagrams: Datagrams): Notifier {
  const path = environment["NOTIFY_SOCKET"];
  const every = watchdogPeriod(environment);
  delete environment["NOTIFY_SOCKET"];
  delete environment["WATCHDOG_USEC"];
  delete environment["WATCHDOG_PID"];
  if (path === undefined || path === "") return SILENT;
  const send = (words: string): void => {
    if (!datagrams.send(path, Buffer.from(words))) sendByCommand(path, words);
  };
  const watchdog = every === null ? null : setInterval(() => send("WATCHDOG=1"), every);
  watchdog?.unref();
  return {
    ready: (status) => send(`READY=1\nSTATUS=${status}`),
    reloading: () => send(`RELOADING=1\nMONOTONIC_USEC=${process.hrtime.bigint() / 1000n}`),
    status: (text) => send(`STATUS=${text}`),
    stopping: () => send("STOPPING=1"),
    close: () => {
      if (watchdog !== null) clearInterval(watchdog);
    },
  };
}

/** Half of what systemd allows, in milliseconds; null when it watches nobody, or another process. */
function watchdogPeriod(environment: NodeJS.ProcessEnv): number | null {
  const allowed = Number(environment["WATCHDOG_USEC"] ?? "");
  const whom = environment["WATCHDOG_PID"];
  if (!(allowed > 0) || (whom !== undefined && Number(whom) !== process.pid)) return null;
  return Math.max(1, Math.floor(allowed / 2000));
}

function sendByCommand(path: string, words: string): void {
  const child = spawn("systemd-notify", ["--no-block", ...words.split("\n")], {
    env: { ...process.env, NOTIFY_SOCKET: path },
    stdio: "ignore",
  });
  child.on("error", () => {});
  child.unref();
}
