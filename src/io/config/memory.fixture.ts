/** Configuration files that exist only in a test. */
import { decode } from "./decode.ts";
import type { Files } from "./files.ts";

/** A configuration written as one text: `--- path` begins a file below `base`. */
export function filesOf(text: string, base = "/etc/t"): Files {
  const files = new Map<string, string | Uint8Array>();
  for (const part of text.split(/^--- /m).slice(1)) {
    const end = part.indexOf("\n");
    files.set(`${base}/${part.slice(0, end)}`, part.slice(end + 1));
  }
  return memory(files);
}

/** Files by path; directories are those that some file lies in, in the order of the map. */
export function memory(files: ReadonlyMap<string, string | Uint8Array>): Files {
  const below = (path: string): string[] =>
    [...files.keys()]
      .filter((name) => name.startsWith(`${path}/`))
      .map((name) => name.slice(path.length + 1).split("/")[0] ?? "");
  return {
    read: (path) => {
      const text = files.get(path);
      if (text === undefined) return { ok: false, reason: below(path).length > 0 ? "not a file" : "missing" };
      return typeof text === "string" ? { ok: true, text } : decode(text);
    },
    list: (path) => [...new Set(below(path))],
    names: (path) => [...new Set(below(path))],
    kind: (path) => (files.has(path) ? "file" : below(path).length > 0 ? "directory" : "missing"),
    absolute: (path) => `/${path.replace(/^(?:\.\/)+/, "")}`,
  };
}

/** What a test needs besides: general options and a filter. */
export const BASICS = `--- fail2ban.conf
[Definition]
loglevel = INFO
--- filter.d/f.conf
[Definition]
failregex = ^bad <HOST>$
`;
