/** The door of `log`: the program's own log. */
export { levelWeight } from "./level.ts";
export { Log, type LogOptions, type SendDatagram } from "./log.ts";
export { type Target } from "./target.ts";
