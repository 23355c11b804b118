/** The door of `pattern`: expressions of Python's dialect, ready to search with. */
export * from "./pattern.ts";
export { compilePattern, noIdMessage } from "./compile.ts";
export { compileRegex, isAscii, type CompiledRegex, type Regex } from "./regex.ts";
export { type Finding, type Span as TextSpan } from "./finding.ts";
export { prepareEngine } from "./engine.ts";
export { forgetSets } from "./chars.ts";
export { forgetFirsts } from "./first.ts";
export { combineNeedles, searchFor, type NeedleSet } from "./needles.ts";
export { mergedGroups, type GroupValue } from "./groups.ts";
export { groupName } from "./tags.ts";
export { lintPattern, type Lint } from "./lint.ts";
export { explainPattern, type Explanation } from "./explain.ts";
