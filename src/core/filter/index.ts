/** The door of `filter`: line → failure. */
export type { CutLine } from "./groups.ts";
export { IgnoreList, listPath, type Ignored, type IgnoreWorld } from "./ignore.ts";
export { Recent } from "./recent.ts";
export { Found, NOTHING_FOUND } from "./found.ts";
export { FilterReader, type LineOutcome, type ReaderContext } from "./reader.ts";
export { SESSIONS_KEPT } from "./session.ts";
export type { FilterSettings, IgnoreCache } from "./settings.ts";
