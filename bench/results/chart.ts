/** The chart of growth, as SVG: each series beside its own largest value, over the work in steps of ten. */
import type { Growth } from "../growth.ts";

const [WIDTH, HEIGHT, LEFT, TOP, LINE] = [720, 300, 60, 30, 18];
const COLOURS = ["#1b6ca8", "#c0392b", "#2e7d32", "#8e44ad", "#d68910", "#455a64"];

/** Flat lines are what is wanted: a line's cost, a log's memory and an offender's bytes do not depend on how many there are. */
export function chartOf(growth: readonly Growth[]): string {
  const steps = Math.max(2, ...growth.map(({ points }) => points.length));
  const x = (step: number): number => LEFT + (step * (WIDTH - LEFT - 40)) / (steps - 1);
  const y = (share: number): number => TOP + (1 - share) * HEIGHT;
  const bottom = TOP + HEIGHT;
  const height = bottom + 40 + growth.length * LINE;
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${WIDTH}" height="${height}" font-family="sans-serif" font-size="12">`,
    `<rect width="${WIDTH}" height="${height}" fill="white"/>`,
    `<text x="${LEFT}" y="16">cost at 1, 10, 100 times the work, each as a share of its most; flat is what is wanted</text>`,
    ...[0, 0.5, 1].map(
      (share) =>
        `<line x1="${LEFT}" y1="${y(share)}" x2="${WIDTH - 40}" y2="${y(share)}" stroke="#ddd"/><text x="${LEFT - 8}" y="${y(share) + 4}" text-anchor="end">${share * 100} %</text>`,
    ),
    ...Array.from(
      { length: steps },
      (_, step) => `<text x="${x(step)}" y="${bottom + 18}" text-anchor="middle">${10 ** step} ×</text>`,
    ),
    ...growth.flatMap((series, i) =>
      lineOf(series, COLOURS[i % COLOURS.length] ?? "black", x, y, bottom + 40 + i * LINE),
    ),
    "</svg>",
    "",
  ].join("\n");
}

function lineOf({ what, unit, points }: Growth, colour: string, x: Place, y: Place, legend: number): readonly string[] {
  const most = Math.max(...points.map(({ value }) => value));
  const places = points.map(({ value }, step) => `${x(step).toFixed(1)},${y(value / most).toFixed(1)}`);
  return [
    `<polyline points="${places.join(" ")}" fill="none" stroke="${colour}" stroke-width="2"/>`,
    `<text x="${LEFT}" y="${legend}" fill="${colour}">${what}, ${unit}: at most ${most.toFixed(most < 10 ? 2 : 0)}</text>`,
  ];
}

type Place = (value: number) => number;
