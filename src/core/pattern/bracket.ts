/** Reads `[…]` (Python's rules: a first `]` is literal, `[`, `&&` and `--` mean nothing). */
import { charSet, type CharFlags, type CharItem, type CharSet } from "./chars.ts";
import { readClassEscape } from "./escape.ts";
import { accept, complain, type Reading, take } from "./reading.ts";

/** @param reading stands after the opening bracket. */
export function readBracket(reading: Reading, flags: CharFlags): CharSet {
  const open = reading.at - 1;
  const items: CharItem[] = [];
  const negate = accept(reading, "^");
  for (;;) {
    const token = takeIn(reading, open);
    if (token === "]" && items.length > 0) break;
    const first = readItem(reading, token);
    if (!accept(reading, "-")) {
      items.push(first);
      continue;
    }
    const to = takeIn(reading, open);
    if (to === "]") {
      items.push(first, { kind: "range", from: 0x2d, to: 0x2d });
      break;
    }
    items.push(range(reading, first, readItem(reading, to), token, to));
  }
  return charSet(items, negate, flags);
}

function takeIn(reading: Reading, open: number): string {
  const token = take(reading);
  if (token === "") complain(reading, "unterminated character set", open);
  return token;
}

function readItem(reading: Reading, token: string): CharItem {
  if (!token.startsWith("\\")) {
    const code = token.codePointAt(0) ?? 0;
    return { kind: "range", from: code, to: code };
  }
  const escape = readClassEscape(reading, token);
  if (escape.kind === "category") return escape;
  const code = escape.kind === "code" ? escape.code : 0;
  return { kind: "range", from: code, to: code };
}

function range(reading: Reading, first: CharItem, last: CharItem, from: string, to: string): CharItem {
  if (first.kind === "range" && last.kind === "range" && first.from <= last.from) {
    return { kind: "range", from: first.from, to: last.from };
  }
  const length = Array.from(from).length + 1 + Array.from(to).length;
  return complain(reading, `bad character range ${from}-${to}`, reading.at - length);
}
