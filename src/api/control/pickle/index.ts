/** The door to the form in which commands and replies travel. */
export * from "./limits.ts";
export * from "./read.ts";
export * from "./value.ts";
export * from "./write.ts";
