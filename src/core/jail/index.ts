/** The door of `jail`: the decisions of one jail, and what it is told. */
export type { Answer, Effect, Input, Question } from "./effect.ts";
export { Jail } from "./jail.ts";
export type { JailSettings, LogPath } from "./settings.ts";
export type { History, JailWorld } from "./world.ts";
export { actionProperty, addAction, removeAction, setProperties } from "./actions.ts";
export { foldStream, type Folded, type FoldedRefusal, type ServerSettings } from "./fold.ts";
export { putGeneral, showGeneral, startGeneral, type GeneralSettings } from "./general.ts";
export { emptyJail, putOption, showOption, type OptionWorld } from "./options.ts";
export { tellOption } from "./told.ts";
