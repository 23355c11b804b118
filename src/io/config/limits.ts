/** Every limit of reading a configuration, and what happens at it: the part concerned is refused with a message that names the limit. */

/** Bytes of one configuration file. */
export const FILE_BYTES = 16 * 1024 * 1024;
/** Files that one configuration name may lead to through includes. */
export const INCLUDED_FILES = 1000;
/** Files of which each is included from the one before. */
export const INCLUDE_DEPTH = 100;
/** Characters of one value after interpolation or after tags were put in. */
export const VALUE_LENGTH = 4 * 1024 * 1024;
/** Replacements of one value by tags. */
export const TAG_STEPS = 10_000;
/** One tag may be replaced so often in one option: the original's own limit. */
export const SAME_TAG = 25;
/** Log files that one line of `logpath` may lead to. */
export const LOG_FILES = 10_000;
/** Characters of a section header's line that are looked through for what was meant; what stands behind is passed over. */
export const MEANT_LENGTH = 4096;
/** Issues kept; a last one says how many more there were. */
export const ISSUES = 1000;
