/** The door of `ban`: how long a ban lasts, and who is banned until when. */
export {
  checkFormula,
  DEFAULT_FORMULA,
  LONGEST,
  nextLength,
  parseMultipliers,
  retryBoost,
  type Length,
} from "./length.ts";
export { BanList, LIST_LIMITS, type Added, type AddOptions } from "./list.ts";
export * from "./settings.ts";
