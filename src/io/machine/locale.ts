/** The machine's preferred encoding, as the environment names it (engine.md §1.1). */

/** The encoding of the locale, as its name is shown; a machine without one uses UTF-8. */
export function localeEncoding(environment: Readonly<Record<string, string | undefined>>): string {
  const locale = environment["LC_ALL"] || environment["LC_CTYPE"] || environment["LANG"] || "";
  const codec = /\.([\w-]+)/.exec(locale)?.[1] ?? "UTF-8";
  return codec.toUpperCase() === "UTF8" ? "UTF-8" : codec.toUpperCase();
}
