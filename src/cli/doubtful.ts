/** The part of reading that looks for doubtful values: loaded where it is wanted, for it is half of the whole. */
export { readConfiguration } from "../io/config/index.ts";
