/** A jail and its world for the tests of this folder: everything real but what lies outside. */
import { pythonRepr, Refusal, type Instant } from "../../base/index.ts";
import { createTemplates } from "../date/index.ts";
import type { Effect, Input } from "./effect.ts";
import { Jail } from "./jail.ts";
import { emptyJail, putOption } from "./options.ts";
import type { JailSettings } from "./settings.ts";
import type { History, JailWorld } from "./world.ts";
import { utc } from "../../base/zone.fake.ts";

export const NOW: Instant = Date.UTC(2026, 10, 22, 10, 0, 0) / 1000;

export function aWorld(part: Partial<JailWorld> = {}): JailWorld {
  return {
    zone: utc,
    thisYear: 2026,
    templates: createTemplates(),
    remembers: true,
    encoding: "UTF-8",
    isSelf: () => false,
    readList: () => null,
    history: () => null,
    near: () => null,
    random: () => 0,
    fill: (text, failure) => text.replace("<ip>", failure.who.key),
    ...part,
  };
}

export const world = aWorld();

/** A jail that reads `Failed from <HOST>`, with options as a configuration gives them. */
export function aJail(options: Readonly<Record<string, string | number>> = {}, part: Partial<JailWorld> = {}): Jail {
  let settings: JailSettings = emptyJail("sshd", "auto");
  const all = {
    usedns: "no",
    ignoreself: "false",
    maxretry: 3,
    failregex: "^ web1 sshd\\[\\d+\\]: Failed (?:user <F-USER>\\S+</F-USER> )?from <HOST>$",
    ...options,
  };
  for (const [key, value] of Object.entries(all)) {
    const word = key === "failregex" ? "addfailregex" : key === "ignoreip" ? "addignoreip" : key;
    settings = putOption(
      settings,
      word,
      typeof value === "string" && key === "ignoreip" ? value.split(" ") : [value],
      world,
    );
  }
  return new Jail(settings, aWorld(part));
}

export function lines(...texts: readonly string[]): Input {
  return {
    is: "chunk",
    chunk: { source: "/var/log/auth.log", bytes: texts.map((text) => `${text}\n`).join(""), live: true },
  };
}

export function failed(from: string, at = "10:00:00"): string {
  return `Nov 22 ${at} web1 sshd[1]: Failed from ${from}`;
}

/** Effects in one line each, without the log's columns. */
export function told(effects: readonly Effect[]): string[] {
  return effects.map((effect) => {
    switch (effect.do) {
      case "say":
        return effect.said.text.replace(/^\[sshd\] /, "");
      case "ban":
      case "unban":
      case "remember":
      case "prolong":
        return `${effect.do} ${effect.ban.who.key} ${effect.ban.lasts}`;
      case "doubt":
        return `doubt ${effect.who.key} ${effect.later}`;
      case "restore":
        return `restore ${effect.bans.map((ban) => ban.who.key).join(" ")}`;
      case "flush":
        return `flush ${effect.bans.length} ${effect.stopping}`;
      case "forget":
        return `forget ${effect.who?.key ?? "all"}`;
      case "ask":
        return `ask ${effect.id} ${effect.question.of === "addresses" ? effect.question.name : effect.question.command}`;
      case "wake":
        return `wake ${effect.at === null ? "never" : effect.at - NOW}`;
      case "reply":
        return `reply ${effect.value instanceof Refusal ? effect.value.message : pythonRepr(effect.value)}`;
      default:
        return effect satisfies never;
    }
  });
}
export const known = (count: number, since: Instant): Partial<JailWorld> => ({
  history: (): History => ({ count, since, lasts: 600 }),
});
