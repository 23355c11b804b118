/** The door of `action`: what a ban makes of the commands of an action. */
export * from "./settings.ts";
export { fitsBatch, restore, runBatch, single, type TicketKind, type TicketOrder, watch } from "./batch.ts";
export { checkAll } from "./check.ts";
export { complaintsAbout, defineAction, type Definition, type DefinitionWorld } from "./definition.ts";
export { doubt, doubtOf } from "./doubt.ts";
export { fillTags } from "./dynamic.ts";
export { type Family } from "./family.ts";
export { kernelSpan } from "./kernel-time.ts";
export { flush, reload, start, stop } from "./operation.ts";
export { ACTION_OPTIONS, type ActionOption } from "./options.ts";
export { DONE, type Order, type Outcome, type Procedure, type Result, type Script } from "./order.ts";
export { canLeave, remakeChanged } from "./renew.ts";
export { type ActionAtWork, type ActionState, type JailEpoch, newState } from "./state.ts";
export type { HostNames } from "./static.ts";
export {
  DYNAMIC_TAGS,
  type JailCounts,
  type MergedBans,
  needsHost,
  tagReader,
  type TagContext,
  type TagSource,
} from "./tags.ts";
export { banLetter, type Letter, readSmtp, type ReadSmtp, type SmtpSettings, startLetter, stopLetter } from "./smtp.ts";
export { words } from "./words.ts";
