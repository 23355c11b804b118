import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { getopt, type OptionSpec } from "./getopt.ts";

const SPECS: readonly OptionSpec[] = [
  { short: "c", long: "conf", value: true },
  { short: "v" },
  { short: "t", long: "test" },
  { long: "timeout", value: true },
  { long: "loglevel", value: true },
  { long: "logtarget", value: true },
  { long: "log", value: true },
];

/** Options as `-c=x`, then the words. */
function told(line: string): string {
  const parsed = getopt(line === "" ? [] : line.split(" "), SPECS);
  if (!parsed.ok) return parsed.message;
  const options = parsed.given.map(
    ({ option, value }) => `${option.long ?? option.short ?? ""}${option.value === true ? `=${value}` : ""}`,
  );
  return `${options.join(" ")}|${parsed.rest.join(" ")}`;
}

describe("options are read as GNU getopt does", () => {
  const rows: readonly [line: string, told: string][] = [
    ["", "|"],
    ["status", "|status"],
    ["-v -v status -v", "v v|status -v"],
    ["-vvt", "v v test|"],
    ["-c x y", "conf=x|y"],
    ["-cx y", "conf=x|y"],
    ["-vcx", "v conf=x|"],
    ["-vc x", "v conf=x|"],
    ["-c -v", "conf=-v|"],
    ["--conf x y", "conf=x|y"],
    ["--conf=x y", "conf=x|y"],
    ["--conf= y", "conf=|y"],
    ["--con x", "conf=x|"],
    ["--te", "test|"],
    ["--ti 5", "timeout=5|"],
    ["--log x", "log=x|"],
    ["--logt x", "logtarget=x|"],
    ["-v -- -v", "v|-v"],
    ["- x", "|- x"],
    ["--t", "option --t not a unique prefix"],
    ["--logl", "option --loglevel requires argument"],
    ["--foo", "option --foo not recognized"],
    ["--test=yes", "option --test must not have an argument"],
    ["-z", "option -z not recognized"],
    ["-c", "option -c requires argument"],
  ];
  for (const [line, expected] of rows)
    test(`${line === "" ? "(nothing)" : line}: ${expected}`, () => assert.equal(told(line), expected));
});
