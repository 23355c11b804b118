/** `--now`: epoch seconds, or ISO 8601 with an offset. */
import type { Instant } from "../../base/index.ts";

const EPOCH = /^\d{1,12}(?:\.\d+)?$/;
const ISO = /^\d{4}-\d\d-\d\dT\d\d:\d\d(?::\d\d(?:\.\d+)?)?(?:Z|[+-]\d\d:\d\d)$/;

/** @returns what tells the time: always the moment that is written, the machine's clock for null; null for any other text */
export function momentOf(text: string | null): (() => Instant) | null {
  if (text === null) return () => Date.now() / 1000;
  const at = EPOCH.test(text) ? Number(text) : ISO.test(text) ? Date.parse(text) / 1000 : NaN;
  return Number.isNaN(at) ? null : () => at;
}
