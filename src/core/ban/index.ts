/** The door of `ban`: how long a ban lasts, and who is banned until when. */
export { checkFormula, nextLength, parseMultipliers, retryBoost, type Length } from "./length.ts";
export { BanList, type Added, type AddOptions } from "./list.ts";
export * from "./settings.ts";
