/** The door of `log`: the program's own log. */
export { levelWeight, WEIGHT } from "./level.ts";
export { Log, type LogOptions, type SendDatagram } from "./log.ts";
export { type Target } from "./target.ts";
