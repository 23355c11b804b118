/** The door of `report`: the words of the log. */
export { foundPrinter, say, timePrinter, warnOnce, when, type WarnOnce } from "./say.ts";
