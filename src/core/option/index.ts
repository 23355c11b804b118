/** The door of `option`: the words of all options, light enough for the client to load at each call. What they do stands in `core/jail`. */
export {
  GENERAL_WORDS,
  JAIL_KEYS,
  JAIL_WORDS,
  type GeneralWords,
  type JailKey,
  type OptionWords,
  type Shown,
  type Writing,
} from "./words.ts";
