/** The address that shows an expression and a line at debuggex.com (config-cli.md §8.4 `-D`). */

export function debuggexUrl(expression: string, text: string, multiline: boolean): string {
  const flags = multiline ? "&flags=m" : "";
  return `https://www.debuggex.com/?re=${quoted(expression)}&str=${quoted(text)}&flavor=python${flags}`;
}

/** As Python's `quote_plus`: blanks are `+`, and only letters, digits and `_.-~` stay. */
function quoted(text: string): string {
  return encodeURIComponent(text.toWellFormed())
    .replaceAll("%20", "+")
    .replaceAll(/[!'()*]/g, (char) => `%${char.charCodeAt(0).toString(16).toUpperCase()}`);
}
