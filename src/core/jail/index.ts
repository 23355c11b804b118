/** The door of `jail`: the decisions of one jail, and what it is told. */
export type { Answer, Effect, Input, Question } from "./effect.ts";
export { Jail } from "./jail.ts";
export type { JailSettings, LogPath } from "./settings.ts";
export { WAITING_MAX } from "./waiting.ts";
export type { History, JailWorld } from "./world.ts";
export { JAIL_KEYS, JAIL_WORDS, type JailKey, type OptionWords, type Shown, type Writing } from "./words.ts";
