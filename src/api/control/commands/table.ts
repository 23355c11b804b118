/** The table of `stats` (config-cli.md §6.6): one row a jail, failures and bans, now and in total. */

export interface StatsRow {
  readonly jail: string;
  readonly backend: string;
  /** Failed now, failed ever, banned now, banned ever. */
  readonly numbers: readonly string[];
}

interface Lines {
  /** Between columns, and between the two numbers of a group. */
  readonly column: string;
  readonly number: string;
  /** The line under the groups' headings: its start, its run, its crossing. */
  readonly branch: string;
  readonly thin: string;
  readonly cross: string;
  /** The lines above and below the rows: run, crossing above, crossing below. */
  readonly thick: string;
  readonly top: string;
  readonly bottom: string;
}

const BOX: Lines = { column: "║", number: "│", branch: "╟", thin: "─", cross: "╫", thick: "═", top: "╬", bottom: "╩" };
const ASCII: Lines = {
  column: "|",
  number: "|",
  branch: "|",
  thin: "-",
  cross: "x",
  thick: "-",
  top: "x",
  bottom: "-",
};

/** Narrowest columns: names, numbers. */
const NAME = 8;
const NUMBER = 3;

/** @param unicode box characters may be drawn. */
export function statsTable(rows: readonly StatsRow[], unicode: boolean): string {
  if (rows.length === 0) return "No jails found.";
  const line = unicode ? BOX : ASCII;
  const widest = (least: number, texts: readonly string[]): number =>
    texts.reduce((width, text) => Math.max(width, text.length), least);
  const jail = widest(
    NAME,
    rows.map((row) => row.jail),
  );
  const backend = widest(
    NAME,
    rows.map((row) => row.backend),
  );
  const widths = [0, 1, 2, 3].map((i) =>
    widest(
      NUMBER,
      rows.map((row) => row.numbers[i] ?? ""),
    ),
  );
  const [a = 0, b = 0, c = 0, d = 0] = widths;
  const filter = a + b + 3;
  const actions = c + d + 3;
  const edge = ` ${line.column} `;
  const group = (left: string, right: string): string => `${left} ${line.number} ${right}`;
  const head = (name: string, kind: string, rest: string): string =>
    ` ${name.padEnd(jail)}${edge}${kind.padEnd(backend)}${rest}`;
  const numbers = (texts: readonly string[]): string => {
    const [w = "", x = "", y = "", z = ""] = texts.map((text, i) => text.padStart(widths[i] ?? 0));
    return `${edge}${group(w, x)}${edge}${group(y, z)}`;
  };
  const rule = (crossing: string): string =>
    [jail, backend, filter, actions].map((width) => line.thick.repeat(width + 2)).join(crossing);
  return [
    head("", "", `${edge}${"Filter".padEnd(filter)}${edge}${"Actions".padEnd(actions)}`),
    head(
      "Jail",
      "Backend",
      ` ${line.branch}${line.thin.repeat(filter + 2)}${line.cross}${line.thin.repeat(actions + 2)}`,
    ),
    head("", "", numbers(["cur", "tot", "cur", "tot"])),
    rule(line.top),
    ...rows.map((row) => head(row.jail, row.backend, numbers(row.numbers))),
    rule(line.bottom),
  ].join("\n");
}
