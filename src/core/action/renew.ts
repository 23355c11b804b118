/** What becomes of a started environment when its action leaves or is given other parameters (DESIGN §5, batches). */
import { hasKernelTime } from "./batch-line.ts";
import { DONE, type Procedure } from "./order.ts";
import type { Definition } from "./definition.ts";
import { stop } from "./operation.ts";
import { remakesItself, restoreFamily } from "./remake.ts";
import type { ActionAtWork } from "./state.ts";

/** Whether everything this action has started can be left in the kernel: it goes away by itself, and the next start will make it anew in one transaction. */
export function canLeave(action: ActionAtWork): boolean {
  return [...action.state.started.keys()].every(
    (family) => remakesItself(action, family) && hasKernelTime(action, family),
  );
}

/**
 * After new parameters: an environment that is made in one transaction is made anew with them, so that a changed port holds from
 * now on. Others keep what they started with until they are stopped, as in the original (config-cli.md §10.2).
 */
export function* remakeChanged(action: ActionAtWork, before: Definition): Procedure {
  for (const family of [...action.state.started.keys()]) {
    const differs = (word: string): boolean => textOf(before, word, family) !== textOf(action.definition, word, family);
    if (!remakesItself(action, family) || !(differs("actionstart") || differs("actionban"))) continue;
    if (differs("actionstop")) yield* stop({ ...action, definition: before }, family);
    const result = yield* restoreFamily(action, family);
    if (!result.ok) return result;
  }
  return DONE;
}

function textOf(definition: Definition, word: string, family: Parameters<Definition["text"]>[1]): string {
  const text = definition.text(word, family);
  return text.ok ? text.text : "";
}
