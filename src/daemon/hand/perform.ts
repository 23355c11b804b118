/** Carries a procedure of `core/action` out: it decides, here it is done. */
import type { Procedure } from "../../core/action/index.ts";
import type { HandWorld } from "./world.ts";

export async function perform<Value>(
  procedure: Procedure<Value>,
  world: Pick<HandWorld, "runner" | "log">,
): Promise<Value> {
  let step = procedure.next();
  while (step.done !== true) {
    const order = step.value;
    if (order.do === "say") {
      world.log(order.said);
      step = procedure.next({ ok: true });
    } else {
      const ran = await world.runner.run(order);
      step = procedure.next({ ok: ran.ok });
    }
  }
  return step.value;
}
