/** What `--explain` tells, in 80 columns: the expressions that match first, then those that came farthest. */
import type { Explained, Tried } from "./explain.ts";

const WIDTH = 80;
const INDENT = "    ";

const VERDICTS: Readonly<Record<Explained["verdict"], string>> = {
  failure: "This line is a failure.",
  ignored: "An ignoreregex takes this line out.",
  "no failure": "An expression matches and says that this is no failure.",
  "nobody known yet":
    "An expression matches, but nobody is known yet: an earlier or later line of the session must name an address.",
  missed: "No failregex matches this line.",
};

export function showExplained(explained: Explained, moment: (at: number | null) => string): readonly string[] {
  const { line, date, prefregex, text, failregex, ignoreregex } = explained;
  return [
    "Line",
    ...block(line),
    "",
    "Date",
    ...(date === null ? block("none of the templates finds one") : dateLines(date, moment)),
    ...(prefregex === null ? [] : ["", "Prefregex", ...triedLines(prefregex, explained.message)]),
    ...(text === null ? [] : ["", "Text that the expressions are asked for", ...block(text)]),
    ...list("Failregex", failregex, text ?? ""),
    ...list("Ignoreregex", ignoreregex, text ?? ""),
    "",
    ...wrap(VERDICTS[explained.verdict], ""),
    ...explained.failures.flatMap((failure) => block(JSON.stringify(failure))),
  ];
}

function dateLines(
  { template, text, time }: NonNullable<Explained["date"]>,
  moment: (at: number | null) => string,
): readonly string[] {
  return [...wrap(`"${text}" is ${moment(time)}, by the template`, INDENT), ...block(template)];
}

function list(title: string, all: readonly Tried[], text: string): readonly string[] {
  const ranked = all
    .map((one, index) => ({ one, index }))
    .toSorted((a, b) => rank(b.one) - rank(a.one) || a.index - b.index);
  const near = ranked.filter(({ one }) => rank(one) > 0);
  const far = ranked.filter(({ one }) => rank(one) === 0);
  return [
    ...near.flatMap(({ one, index }) => ["", `${title} ${index + 1}`, ...triedLines(one, text)]),
    ...(far.length === 0 ? [] : [""]),
    ...far.flatMap(({ one, index }) => wrap(`${title} ${index + 1} matches nothing; wanted ${one.expected}`, "")),
  ];
}

function rank({ matched, from, to }: Tried): number {
  return matched ? Infinity : to - from;
}

function triedLines({ source, at, matched, from, to, expected }: Tried, text: string): readonly string[] {
  const place = at === null ? [] : wrap(`${at.file}:${at.line}`, INDENT);
  const part = text.slice(from, to);
  if (matched) return [...place, ...block(source), ...wrap(`matches "${part}"`, INDENT)];
  const reached = part === "" ? "matches nothing" : `matches "${part}", then stops at "${text.slice(to, to + 20)}"`;
  const wanted = expected === "" ? "" : `; wanted ${expected}`;
  return [...place, ...block(source), ...wrap(`${reached}${wanted}`, INDENT)];
}

/** A text as it is, cut into lines of the width. */
function block(text: string): readonly string[] {
  const room = WIDTH - INDENT.length;
  const chars = [...text];
  const lines: string[] = [];
  for (let at = 0; at === 0 || at < chars.length; at += room) lines.push(INDENT + chars.slice(at, at + room).join(""));
  return lines;
}

/** Words, broken at blanks where there are any. */
function wrap(text: string, indent: string): readonly string[] {
  const room = WIDTH - indent.length;
  const lines: string[] = [];
  for (let rest = text; rest !== "";) {
    const blank = rest.length <= room ? rest.length : rest.lastIndexOf(" ", room);
    const end = blank > 0 ? blank : room;
    lines.push(indent + rest.slice(0, end));
    rest = rest.slice(end).trimStart();
  }
  return lines;
}
