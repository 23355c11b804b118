/** The door of `io/source`: where lines come from. */
export * from "./follower.ts";
export * from "./glob.ts";
export * from "./journal.ts";
export { readJournal, type JournalRead } from "./journalonce.ts";
export { journalPlaceOf, type JournalPlace } from "./journalplace.ts";
export * from "./request.ts";
export { words as sourceWords } from "./words.ts";
