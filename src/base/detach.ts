/**
 * A text of its own, with nothing beside its characters: what was cut out of a larger text may be a mere reference that keeps
 * all of it in memory (a line its 64 KiB chunk). Whoever keeps a text for longer than the chunk must keep this copy of it.
 */
export function detach(text: string): string {
  // What V8 joins it copies; what it cuts or adds up may stay a reference to the parts.
  return [text.slice(0, 1), text.slice(1)].join("");
}
