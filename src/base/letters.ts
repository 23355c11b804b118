/**
 * Expressions about letters and numbers of any script. V8 takes a quarter of a millisecond for each Unicode class that it makes, and a start
 * would make dozens of them for texts that are ASCII: for those the same is asked without.
 */

const ASCII: readonly (readonly [unicode: string, ascii: string])[] = [
  ["\\p{L}", "A-Za-z"],
  ["\\p{N}", "0-9"],
  ["\\p{XID_Start}", "A-Za-z"],
  ["\\p{XID_Continue}", "A-Za-z0-9_"],
];
// eslint-disable-next-line no-control-regex
const OTHER = /[^\0-\x7f]/;

/**
 * @param source in which classes of the table stand in brackets, as for the flag `u`
 * @param flags without `u`
 * @returns which expression to ask of a text
 */
export function lettersOf(source: string, flags: string): (text: string) => RegExp {
  const plain = new RegExp(
    ASCII.reduce((text, [unicode, ascii]) => text.replaceAll(unicode, ascii), source),
    flags,
  );
  let whole: RegExp | null = null;
  return (text) => (OTHER.test(text) ? (whole ??= new RegExp(source, `${flags}u`)) : plain);
}
