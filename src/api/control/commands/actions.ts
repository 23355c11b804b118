/** Commands about the actions of a jail (config-cli.md §6.4, §6.5): their list, their properties, their methods. */
import { Refusal, type Plain } from "../../../base/index.ts";
import { done } from "./basic.ts";
import { isList, isMap, listOf, plainText, texts, type Command, type Json } from "./command.ts";

export const ACTIONS: readonly Command[] = [
  {
    words: "set <JAIL> addaction",
    usage: "<ACT> [<MODULE> <JSON>]",
    section: "COMMAND ACTION CONFIGURATION",
    help: "adds an action of commands, or the one that the module <MODULE> names, with parameters",
    needs: 2,
    run: async (desk, [name = null, action = null, module, json]) => {
      if (module !== undefined && json === undefined) throw new Refusal("IndexError", "list index out of range");
      const parameters = json === undefined ? new Map<string, Plain>() : parametersOf(json);
      await desk.jail(name).addAction(plainText(action), module === undefined ? null : plainText(module), parameters);
      return plainText(action);
    },
  },
  {
    words: "set <JAIL> delaction",
    usage: "<ACT>",
    section: "COMMAND ACTION CONFIGURATION",
    help: "takes the action away, without stopping it",
    needs: 2,
    run: (desk, [name = null, action = null]) => done(desk.jail(name).delAction(action)),
  },
  {
    words: "set <JAIL> action",
    usage: "<ACT> <PROPERTY> <VALUE>",
    section: "GENERAL ACTION CONFIGURATION",
    help: "sets a command (actionstart, actionban, ...), the timeout, or any other property of the action; or calls a method, then <VALUE> is JSON",
    needs: 3,
    run: async (desk, [name = null, action = null, property = null, value]) => {
      const target = desk.jail(name).action(action);
      const word = plainText(property);
      if (target.methods().includes(word))
        return target.call(word, value === undefined ? new Map() : parametersOf(value));
      if (value === undefined) throw new Refusal("IndexError", "list index out of range");
      await target.put(word, value);
      return desk.jail(name).action(action).ask(word);
    },
  },
  {
    words: "multi-set <JAIL> action",
    section: "COMMAND ACTION CONFIGURATION",
    help: null,
    needs: 3,
    run: async (desk, [name = null, action = null, pairs]) => {
      const target = desk.jail(name).action(action);
      if (!isList(pairs)) throw new Refusal("IndexError", "string index out of range");
      for (const pair of listOf(pairs)) await target.put(plainText(listOf(pair)[0] ?? null), listOf(pair)[1] ?? null);
      return true;
    },
  },
  {
    words: "get <JAIL> actions",
    section: "JAIL INFORMATION",
    help: "lists the actions",
    needs: 1,
    asks: true,
    run: (desk, [name = null]) => desk.jail(name).actions(),
    show: (value, [jail = ""]) => {
      const names = texts(listOf(value));
      return names.length === 0
        ? `No actions for jail ${jail}`
        : `The jail ${jail} has the following actions:\n${names.join(", ")}`;
    },
  },
  {
    // Properties hold passwords and keys of services, so the read-only socket does not tell them.
    words: "get <JAIL> action",
    usage: "<ACT> <PROPERTY>",
    section: "COMMAND ACTION INFORMATION",
    help: "asks for a command or any other property of the action",
    needs: 3,
    run: (desk, [name = null, action = null, property = null]) =>
      desk.jail(name).action(action).ask(plainText(property)),
  },
  {
    words: "get <JAIL> actionproperties",
    usage: "<ACT>",
    section: "GENERAL ACTION INFORMATION",
    help: "lists the properties of the action",
    needs: 2,
    asks: true,
    run: (desk, [name = null, action = null]) => desk.jail(name).action(action).properties().toSorted(),
    show: inventory("properties"),
  },
  {
    words: "get <JAIL> actionmethods",
    usage: "<ACT>",
    section: "GENERAL ACTION INFORMATION",
    help: "lists the methods of the action",
    needs: 2,
    asks: true,
    run: (desk, [name = null, action = null]) => desk.jail(name).action(action).methods().toSorted(),
    show: inventory("methods"),
  },
];

function inventory(of: string): NonNullable<Command["show"]> {
  return (value, [jail = "", action = ""]) =>
    `The jail ${jail} action ${action} has the following ${of}:\n${texts(listOf(value)).join(", ")}`;
}

/** Named parameters in JSON. @throws Refusal ValueError for what is no JSON, TypeError for what is no object. */
function parametersOf(json: Plain): ReadonlyMap<string, Plain> {
  if (isMap(json)) return json;
  let value: Json;
  try {
    value = JSON.parse(plainText(json)) as Json;
  } catch (error) {
    throw new Refusal("ValueError", `Expecting JSON: ${error instanceof Error ? error.message : String(error)}`);
  }
  const plain = plainOfJson(value);
  if (!isMap(plain)) throw new Refusal("TypeError", "argument after ** must be a mapping, not list");
  return plain;
}

function plainOfJson(value: Json): Plain {
  if (value === null || typeof value !== "object") return value;
  if (Array.isArray(value)) return value.map((item: Json) => plainOfJson(item));
  return new Map(Object.entries(value).map(([key, item]) => [key, plainOfJson(item)]));
}
