/** The door of `log`: the program's own log. */
export { formatter, printable } from "./format.ts";
export { levelWeight, syslogPriority, WEIGHT } from "./level.ts";
export { Log, type LogOptions, type SendDatagram } from "./log.ts";
export { readTarget, type Target } from "./target.ts";
