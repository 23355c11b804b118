/** The actions of a jail: adding, removing and setting their properties (config-cli.md §6.5). */
import { Refusal, type Plain } from "../../base/index.ts";
import type { ActionSettings } from "../action/index.ts";
import { argument, spanArgument, textArgument } from "./arguments.ts";
import type { JailSettings } from "./settings.ts";

/** Actions of one jail, and properties of one action. */
const ACTIONS = 100;
const PROPERTIES = 1000;

/** `addaction NAME [FILE JSON]`. @throws Refusal when there is one of that name */
export function addAction(jail: JailSettings, args: readonly Plain[]): JailSettings {
  const name = textArgument(argument(args, 0));
  if (jail.actions.some((action) => action.name === name))
    throw new Refusal("ValueError", `Action ${name} already exists`);
  if (jail.actions.length === ACTIONS) throw new Refusal("ValueError", `more than ${ACTIONS} actions in one jail`);
  const module = args.length > 1 ? textArgument(argument(args, 1)) : null;
  const properties = module === null ? new Map<string, string>() : propertiesOf(textArgument(args[2] ?? "{}"));
  return { ...jail, actions: [...jail.actions, { name, module, properties }] };
}

export function removeAction(jail: JailSettings, name: string): JailSettings {
  findAction(jail, name);
  return { ...jail, actions: jail.actions.filter((action) => action.name !== name) };
}

/** `action NAME KEY VALUE` for each pair; `bantime` belongs to the run-time tag and is passed over. */
export function setProperties(
  jail: JailSettings,
  name: string,
  pairs: readonly (readonly [string, Plain])[],
): JailSettings {
  const action = findAction(jail, name);
  const properties = new Map(action.properties);
  for (const [key, value] of pairs) if (key !== "bantime") properties.set(key, propertyText(key, value));
  if (properties.size > PROPERTIES) throw new Refusal("ValueError", `more than ${PROPERTIES} properties of one action`);
  return { ...jail, actions: jail.actions.map((other) => (other === action ? { ...action, properties } : other)) };
}

/** The value of one property, as `get JAIL action NAME KEY` answers it. */
export function actionProperty(jail: JailSettings, name: string, key: string): Plain {
  const value = findAction(jail, name).properties.get(key);
  if (value === undefined) throw new Refusal("AttributeError", `'CommandAction' object has no attribute '${key}'`);
  return value;
}

function findAction(jail: JailSettings, name: string): ActionSettings {
  const found = jail.actions.find((action) => action.name === name);
  if (found === undefined) throw new Refusal("KeyError", `Invalid Action name: ${name}`);
  return found;
}

/** Booleans stand as "1" and "": so `<norestored>` reads in a command, and so a shell tests it. */
function propertyText(key: string, value: Plain): string {
  if (typeof value === "boolean") return value ? "1" : "";
  if (value === null) return "";
  if (key === "timeout") spanArgument(value);
  return textArgument(value);
}

function propertiesOf(json: string): Map<string, string> {
  let parsed: unknown;
  try {
    parsed = JSON.parse(json);
  } catch {
    throw new Refusal("ValueError", "the parameters of the action are no JSON");
  }
  if (typeof parsed !== "object" || parsed === null || Array.isArray(parsed))
    throw new Refusal("TypeError", "the parameters of the action are no JSON object");
  return new Map(
    Object.entries(parsed).map(([key, value]) => [key, typeof value === "string" ? value : JSON.stringify(value)]),
  );
}
