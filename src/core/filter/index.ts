/** The door of `filter`: line → failure. */
export type { CutLine } from "./groups.ts";
export { IgnoreList, type Ignored, type IgnoreWorld } from "./ignore.ts";
export { Recent } from "./recent.ts";
export { Found } from "./found.ts";
export type { LineOutcome } from "./outcome.ts";
export { FilterReader, type ReaderContext } from "./reader.ts";
export type { FilterSettings, IgnoreCache } from "./settings.ts";
