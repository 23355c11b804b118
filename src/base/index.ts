/** The door of `base`: what travels between the rooms, and what every room needs. */
export * from "./address.ts";
export * from "./blanks.ts";
export * from "./clock.ts";
export * from "./detach.ts";
export * from "./failure.ts";
export * from "./heap.ts";
export * from "./line.ts";
export * from "./log.ts";
export * from "./plain.ts";
export * from "./reference.ts";
export * from "./repr.ts";
export * from "./span.ts";
export * from "./slots.ts";
export * from "./time.ts";
export * from "./trouble.ts";
export * from "./version.ts";
export * from "./who.ts";
