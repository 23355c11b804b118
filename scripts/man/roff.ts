/** Text → roff with the man macros: just what our pages need. In texts `back-quoted` words are set bold, <WORDS> italic; <<WORDS>> are meant as they are. */

export interface Page {
  readonly name: string;
  readonly section: 1 | 5;
  /** One line for whatis(1). */
  readonly purpose: string;
  /** Other names under which the page is found. */
  readonly aliases?: readonly string[];
  readonly parts: readonly Part[];
}

export interface Part {
  readonly heading: string;
  readonly body: readonly Block[];
}

export type Block =
  | { readonly is: "text"; readonly text: string }
  | { readonly is: "subheading"; readonly text: string }
  /** A term with its explanation, as options have them. */
  | { readonly is: "entry"; readonly term: string; readonly text: string }
  /** Lines set as they are. */
  | { readonly is: "example"; readonly lines: readonly string[] };

export const text = (words: string): Block => ({ is: "text", text: words });
export const subheading = (words: string): Block => ({ is: "subheading", text: words });
export const entry = (term: string, words: string): Block => ({ is: "entry", term, text: words });
export const example = (...lines: readonly string[]): Block => ({ is: "example", lines });
export const part = (heading: string, ...body: readonly Block[]): Part => ({ heading, body });

/** @param date of the page, `2026-11-22`; @param version of the program */
export function roff(page: Page, version: string, date: string): string {
  const title = `.TH ${quoted(page.name.toUpperCase())} ${page.section} ${quoted(date)} ${quoted(`fail2ban-ts ${version}`)} "Fail2Ban"`;
  const purpose = `${page.name} \\- ${escaped(page.purpose)}`;
  return [
    '.\\" Made by npm run man; edit its source.',
    title,
    ".SH NAME",
    purpose,
    ...page.parts.flatMap(partLines),
    "",
  ].join("\n");
}

function partLines({ heading, body }: Part): readonly string[] {
  return [`.SH ${quoted(heading)}`, ...body.flatMap((block, at) => blockLines(block, body[at - 1]))];
}

function blockLines(block: Block, before: Block | undefined): readonly string[] {
  switch (block.is) {
    case "text":
      return before === undefined || before.is === "subheading" ? [marked(block.text)] : [".PP", marked(block.text)];
    case "subheading":
      return [`.SS ${quoted(block.text)}`];
    case "entry":
      return [".TP", `\\fB${syntax(block.term)}\\fR`, marked(block.text)];
    case "example":
      return [
        ...(before === undefined || before.is === "subheading" ? [] : [".PP"]),
        ".RS 4",
        ".nf",
        ...block.lines.map((line) => guarded(escaped(line))),
        ".fi",
        ".RE",
      ];
  }
}

/** Running text: words in back-quotes bold, placeholders italic. */
function marked(words: string): string {
  const pieces = words
    .split(/(`[^`]+`)/)
    .map((piece) =>
      piece.startsWith("`") && piece.length > 2 ? `\\fB${syntax(piece.slice(1, -1))}\\fR` : italic(escaped(piece), "R"),
    );
  return guarded(pieces.join(""));
}

/** Words to be typed: hyphens that can be copied, placeholders in italics within bold. */
function syntax(words: string): string {
  return italic(escaped(words).replaceAll("-", "\\-"), "B");
}

function italic(words: string, around: "R" | "B"): string {
  return words.replaceAll(/<<([^<>]+)>>|<([A-Z][A-Z_0-9]*)>/g, (_, literal?: string, placeholder?: string) =>
    literal === undefined ? `\\fI${placeholder}\\f${around}` : `<${literal}>`,
  );
}

function escaped(words: string): string {
  return words
    .replaceAll("…", "...")
    .replaceAll("\\", "\\e")
    .replaceAll("'", "\\(aq")
    .replaceAll("`", "\\(ga")
    .replaceAll("^", "\\(ha")
    .replaceAll("~", "\\(ti");
}

/** A line of text that would be taken for a request. */
function guarded(line: string): string {
  return line === "" ? "\\&" : line.replaceAll(/^(?=[.'])/gm, "\\&");
}

function quoted(words: string): string {
  return `"${words.replaceAll("\\", "\\e").replaceAll('"', "\\(dq")}"`;
}
