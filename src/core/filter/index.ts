/** The door of `filter`: line → failure. */
export { IgnoreList, listPath, type Ignored, type IgnoreWorld } from "./ignore.ts";
export { Recent } from "./recent.ts";
export { FilterReader, NOTHING_FOUND, type Found, type LineOutcome, type ReaderContext } from "./reader.ts";
export { SESSIONS_KEPT } from "./session.ts";
export type { FilterSettings, IgnoreCache } from "./settings.ts";
