/** Settings of an action → the hand that carries it out. */
import { basename } from "node:path";
import { Refusal } from "../../base/index.ts";
import type { ActionSettings } from "../../core/action/index.ts";
import { ActionHand } from "../hand.ts";
import { MailHand } from "./mail.ts";
import type { Hand, HandWorld } from "./world.ts";

/** Modules of the original that we have natively, by the name of their file. */
const NATIVE: Readonly<Record<string, (settings: ActionSettings, world: HandWorld) => Hand>> = {
  "smtp.py": (settings, world) => new MailHand(settings, world),
};

/** @throws Refusal for a Python module that we do not have, and for parameters that cannot be used */
export function openHand(settings: ActionSettings, world: HandWorld): Hand {
  if (settings.module === null) return new ActionHand(settings, world);
  const file = basename(settings.module);
  const open = Object.hasOwn(NATIVE, file) ? NATIVE[file] : undefined;
  if (open === undefined)
    throw new Refusal(
      "RuntimeError",
      `Actions written in Python cannot be run: ${settings.module}. Natively there is ${Object.keys(NATIVE).join(", ")}; write others as commands`,
    );
  try {
    return open(settings, world);
  } catch (cause) {
    throw new Refusal("ValueError", cause instanceof Error ? cause.message : String(cause));
  }
}
