/** The door of `store`: what survives a restart. */
export type { History, JournalMark, Merged } from "./answers.ts";
export type { LiveRules } from "./live.ts";
export { openStore, type OpenedStore } from "./open.ts";
export type { Store, StoreWorld } from "./store.ts";
export { type Mark, type WaitingLimits } from "./waiting.ts";
