/** The door of `report`: the words of the log. */
export { say, warnOnce, when, type WarnOnce } from "./say.ts";
