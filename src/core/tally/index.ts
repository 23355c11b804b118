/** The door of `tally`: failures per offender, and who has had enough. */
export * from "./tally.ts";
