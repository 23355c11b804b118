/** The door of `config`: files → commands and issues. */
export { disk, remembering } from "./disk.ts";
export type { Files, FileText } from "./files.ts";
export { readEarly, readReadOnlySocket, type Early, type EarlyReading, type ReadOnlySocket } from "./general.ts";
export { printStream } from "./print.ts";
export { readPlainly } from "./reading.ts";
export { readOneFilter, readOneJail, type FilterPlace, type OneReading } from "./single.ts";
export { shellWords } from "./shellwords.ts";
export { refusalIssues } from "./refused.ts";
export { readConfiguration } from "./whole.ts";
export { streamOf, type Reading, type StreamCommand, type Wanted } from "./stream.ts";
