/** One answer of a bench, for whoever gathers them. */
export interface Row {
  readonly question: string;
  readonly ours: Measure;
  /** Null: the original was not asked, or cannot be run here. */
  readonly original: Measure | null;
  /** What one must know to read it. */
  readonly note: string;
}

export interface Measure {
  readonly value: number;
  /** `s`, `MB`, `bytes`. */
  readonly unit: string;
}

export function printRow({ question, ours, original, note }: Row): string {
  const shown = ({ value, unit }: Measure): string => `${value.toPrecision(3)} ${unit}`;
  const ratio =
    original === null ? "" : `, original ${shown(original)}: ${(original.value / ours.value).toPrecision(3)} ×`;
  return `${question}: ${shown(ours)}${ratio}${note === "" ? "" : ` (${note})`}`;
}
