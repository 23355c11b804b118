/** What a bench answers with: one row a question, for a page that gathers them all. */

export interface Figure {
  readonly value: number;
  /** `ms`, `s`, `MB`, `bytes`, `requests`, `lines/s` */
  readonly unit: string;
}

export interface Row {
  readonly question: string;
  readonly ours: Figure;
  /** Null where it has not the like, or was not there to be asked. */
  readonly original: Figure | null;
  /** Under which conditions, and what else is to be known. */
  readonly note: string;
}

/** How many times better ours is: of what counts `lines/s` more is better, of anything else less. Null where that is no number. */
export function ratio({ ours, original }: Pick<Row, "ours" | "original">): number | null {
  if (original === null) return null;
  const times = ours.unit.endsWith("/s") ? ours.value / original.value : original.value / ours.value;
  return Number.isFinite(times) ? times : null;
}

export function printRows(rows: readonly Row[]): void {
  for (const { question, ours, original, note } of rows) {
    const times = ratio({ ours, original });
    const said = times === null ? "" : `, ${times.toFixed(1)} times`;
    console.log(
      `${question}: ${shown(ours)}; the original ${original === null ? "-" : shown(original)}${said} (${note})`,
    );
  }
}

export function shown({ value, unit }: Figure): string {
  return `${value.toFixed(value < 10 ? 2 : value < 100 ? 1 : 0)} ${unit}`;
}
