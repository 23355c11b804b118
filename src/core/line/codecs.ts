/**
 * Names of codecs: what `logencoding` may say → what iconv-lite calls it. A table; it decides nothing.
 *
 * iconv-lite knows most names that Python knows (it ignores case, `-`, `_` and the year); here are only the others.
 * Keys are folded: lower case, letters and digits only.
 */

/** Python's names that iconv-lite does not know. */
export const ALIASES: Readonly<Record<string, string>> = {
  "646": "ascii",
  iso646irv1991: "ascii",
  u8: "utf8",
  utf: "utf8",
  cp65001: "utf8",
  utf8ucs2: "utf8",
  utf8ucs4: "utf8",
  utf8sig: "utf8",
  u7: "utf7",
  utf16: "utf16le",
  u16: "utf16le",
  unicodelittleunmarked: "utf16le",
  ucs2: "utf16le",
  unicodebigunmarked: "utf16be",
  utf32: "utf32le",
  u32: "utf32le",
  "8859": "iso88591",
  iso8859: "iso88591",
  iso885911987: "iso88591",
  latin: "iso88591",
  latin1: "iso88591",
  l1: "iso88591",
  iso885921987: "iso88592",
  iso885931988: "iso88593",
  iso885941988: "iso88594",
  iso885951988: "iso88595",
  iso885961987: "iso88596",
  iso885971987: "iso88597",
  iso885981988: "iso88598",
  iso885991989: "iso88599",
  iso8859101992: "iso885910",
  iso8859112001: "iso885911",
  iso8859141998: "iso885914",
  iso8859162001: "iso885916",
  big5tw: "big5",
  xmactradchinese: "big5",
  hkscs: "big5hkscs",
  eucgb2312cn: "gb2312",
  xmacsimpchinese: "gb2312",
  gb180302000: "gb18030",
  ujis: "eucjp",
  xmacjapanese: "shiftjis",
  ksx1001: "euckr",
  xmackorean: "euckr",
  uhc: "cp949",
  cp866u: "cp1125",
  ruscii: "cp1125",
  cpis: "cp861",
  cp1051: "hproman8",
  tis62025290: "tis620",
};

/** iconv-lite's own extras that are no text encodings for Python, and must be refused as such. */
export const NOT_TEXT: readonly string[] = ["hex", "base64", "utf7imap", "cesu8"];

/** Encodings in which a byte below 0x80 may be part of another character: every line must be decoded. */
export const STATEFUL: readonly string[] = ["utf7"];

/** Encodings of two or four bytes a character → the bytes of a line's end, as latin1. */
export const WIDE: Readonly<Record<string, string>> = {
  utf16le: "\n\0",
  utf16be: "\0\n",
  utf32le: "\n\0\0\0",
  utf32be: "\0\0\0\n",
};
