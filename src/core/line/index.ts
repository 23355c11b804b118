/** The door of `core/line`: bytes → lines, entries and bookmarks. */
export * from "./bookmark.ts";
export * from "./container.ts";
export * from "./encoding.ts";
export * from "./entry.ts";
export * from "./fault.ts";
export * from "./journalmatch.ts";
export * from "./seek.ts";
export * from "./split.ts";
