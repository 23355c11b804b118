/** The door of `report`: the words of the log. */
export { say, timePrinter, warnOnce, when, type WarnOnce } from "./say.ts";
