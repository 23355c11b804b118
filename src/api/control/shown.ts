/** How an exception is shown where Python would print it. */
import type { Plain } from "../../base/index.ts";
import type { Raised } from "./pickle/index.ts";
import { plainText } from "./commands/index.ts";

const SYSTEM_ERRORS = new Set(["FileNotFoundError", "IsADirectoryError", "PermissionError", "OSError"]);

/**
 * The arguments that Python's `repr` shows. They are others than those that the exception is made of where it is of the
 * system (the file's name is none) or of JSON (the place is told in words).
 */
export function shownArgs({ name, args }: Raised): readonly Plain[] {
  if (args.length > 2 && SYSTEM_ERRORS.has(name)) return args.slice(0, 2);
  const [message, document, at] = args;
  if (name !== "JSONDecodeError" || typeof document !== "string" || typeof at !== "number") return args;
  const before = document.slice(0, at).split("\n");
  return [
    `${plainText(message ?? null)}: line ${before.length} column ${(before.at(-1)?.length ?? 0) + 1} (char ${at})`,
  ];
}
