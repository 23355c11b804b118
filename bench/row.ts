/** What a bench answers with: one row a question, for a page that gathers them all. */

export interface Figure {
  readonly value: number;
  /** `ms`, `s`, `MB`, `requests` */
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

export function printRows(rows: readonly Row[]): void {
  for (const { question, ours, original, note } of rows) {
    const ratio = original === null ? "" : `, ${(original.value / ours.value).toFixed(1)} times`;
    console.log(
      `${question}: ${shown(ours)}; the original ${original === null ? "-" : shown(original)}${ratio} (${note})`,
    );
  }
}

function shown({ value, unit }: Figure): string {
  return `${value.toFixed(value < 10 ? 2 : value < 100 ? 1 : 0)} ${unit}`;
}
