/** Where the source starts, in a clone: lets Node keep what it has compiled, then goes on in `programs.ts`. A package starts there at once. */
import { enableCompileCache } from "node:module";
import { resolve } from "node:path";

// There is a hundred files of TypeScript to strip at each start; a package carries few files, and has no folder that we may write to.
enableCompileCache(resolve(import.meta.dirname, "../../.cache/compile"));
await import("./programs.ts");
