/** What a whole run of the benches has found: what `results.json` holds, and what the page is made from. */
import type { Growth } from "../growth.ts";
import type { Row } from "../row.ts";

export interface Answer {
  /** The name by which it is asked for alone. */
  readonly name: string;
  /** Of the machine before it was asked. */
  readonly load: number;
  readonly seconds: number;
  readonly rows: readonly Row[];
  readonly growth: readonly Growth[];
  /** Why there is no answer. */
  readonly failed: string | null;
}

export interface Results {
  /** ISO 8601. */
  readonly began: string;
  readonly quick: boolean;
  readonly machine: readonly (readonly [what: string, value: string])[];
  readonly answers: readonly Answer[];
}
