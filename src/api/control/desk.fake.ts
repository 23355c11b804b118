/** A desk in memory, for tests: keeps what it is told, without reading logs or acting. */
import { FOREVER, Refusal, whoOf, type Plain, type Said } from "../../base/index.ts";
import { plainText } from "./commands/command.ts";
import type {
  ActionDesk,
  CurrentBan,
  Desk,
  GeneralSetting,
  JailDesk,
  JailStatus,
  ReloadOptions,
  SourceState,
} from "./desk.ts";

/** The moment at which everything happens: 2026-11-22 08:54:48 UTC. */
export const NOW = 1795337688;

const SOURCE: SourceState = {
  source: "/var/log/a.log",
  mode: "polling",
  lines: 12,
  bytes: 3456,
  cut: 0,
  behindBytes: 78,
  behindSeconds: 9.04,
  lastLineAt: null,
  live: true,
  trouble: null,
};

export interface FakeDesk extends Desk {
  readonly said: Said[];
  /** What was asked for besides questions, in words. */
  readonly deeds: string[];
}

export function fakeDesk(...names: readonly string[]): FakeDesk {
  const jails = new Map<string, JailDesk>(names.map((name) => [name, fakeJail(name)]));
  const general = new Map<GeneralSetting, Plain>([
    ["loglevel", "INFO"],
    ["logtarget", "/var/log/fail2ban.log"],
    ["syslogsocket", "auto"],
    ["dbfile", ":memory:"],
    ["dbpurgeage", 86400],
    ["dbmaxmatches", 10],
    ["thread", new Map([["stacksize", 0]])],
  ]);
  const said: Said[] = [];
  const deeds: string[] = [];
  const jail = (name: Plain): JailDesk => {
    const found = typeof name === "string" ? jails.get(name) : undefined;
    if (found === undefined) throw new Refusal("UnknownJailException", plainText(name));
    return found;
  };
  return {
    said,
    deeds,
    version: "1.1.2+ts",
    jails: () => [...jails.values()],
    jail,
    add: (name, backend) => {
      if (jails.has(name)) throw new Refusal("DuplicateJailException", name);
      jails.set(name, fakeJail(name));
      deeds.push(`add ${name} ${backend}`);
    },
    start: (name) => void deeds.push(`start ${jail(name).name}`),
    stop: (name) => void jails.delete(jail(name).name),
    stopAll: () => jails.clear(),
    stopServer: (keep) => void deeds.push(keep ? "stop, keep" : "stop"),
    reload: (name, options, stream) =>
      void deeds.push(`reload ${name ?? "all"} ${optionWords(options)} ${stream.length}`),
    serverStream: (stream) => void deeds.push(`stream ${stream.length}`),
    unban: async (ids) => {
      let count = 0;
      for (const one of jails.values()) count += await one.unbanip(ids ?? one.bans().map((ban) => ban.id), false);
      return count;
    },
    flushlogs: () => "rolled over",
    listedAs: (id) => whoOf(id).key,
    ask: (setting) => general.get(setting) ?? null,
    put: (setting, value) => void general.set(setting, value),
    sleep: (length) => new Promise((resolve) => setTimeout(resolve, length * 1000)),
    say: (line) => void said.push(line),
  };
}

function optionWords({ restart, unban, ifExists }: ReloadOptions): string {
  return [restart ? "restart" : "", unban ? "unban" : "", ifExists ? "if-exists" : ""].join("");
}

function fakeJail(name: string): JailDesk {
  const options = new Map<string, Plain>([
    ["logpath", ["/var/log/a.log", "/var/log/b.log"]],
    ["ignoreip", []],
    ["failregex", ["^a <HOST>$", "^b <HOST>$"]],
    ["maxretry", 5],
  ]);
  const bans = new Map<string, CurrentBan>();
  return {
    name,
    status: (flavor): JailStatus => ({
      backend: "polling",
      failed: { current: 1, total: 6 },
      banned: { current: bans.size, total: 9 },
      ids: [...bans.keys()],
      source: { of: "files", files: ["/var/log/a.log", "/var/log/b.log"] },
      ...(flavor === "sources" ? { sources: [SOURCE] } : {}),
      ...(flavor === "cymru" ? { owners: { asn: ["64496"], country: ["ZZ"], rir: ["other"] } } : {}),
    }),
    bans: () => [...bans.values()],
    ask: (option) => options.get(option) ?? null,
    put: (word, values, option) => {
      const [value = null] = values;
      if (word.startsWith("add"))
        options.set(option, [
          ...listed(options.get(option)),
          ...values.slice(0, word === "addlogpath" ? 1 : undefined),
        ]);
      else if (word.startsWith("del"))
        options.set(
          option,
          listed(options.get(option)).filter((item, i) => item !== value && i !== value),
        );
      else options.set(option, value);
    },
    setIdle: () => {},
    banip: (ids) => {
      const before = bans.size;
      for (const id of ids)
        bans.set(whoOf(id).key, {
          id: whoOf(id).key,
          since: NOW,
          lasts: id.startsWith("198") ? FOREVER : 600 - bans.size,
        });
      return bans.size - before;
    },
    unbanip: (ids, reportAbsent) => {
      const absent = ids.filter((id) => !bans.delete(whoOf(id).key));
      if (reportAbsent && absent.length > 0) throw new Refusal("ValueError", `not banned: ['${absent.join("', '")}']`);
      return ids.length - absent.length;
    },
    attempt: (_, lines) => (lines.includes("ignored") ? 0 : 1),
    ...fakeActions(),
  };
}

function fakeActions(): Pick<JailDesk, "actions" | "action" | "addAction" | "delAction"> {
  const actions = new Map<string, ActionDesk>([["nftables", fakeAction()]]);
  const action = (key: Plain): ActionDesk => {
    const found = typeof key === "string" ? actions.get(key) : undefined;
    if (found === undefined) throw new Refusal("KeyError", `Invalid Action name: ${plainText(key)}`);
    return found;
  };
  return {
    actions: () => [...actions.keys()],
    action,
    addAction: (key) => {
      if (actions.has(key)) throw new Refusal("ValueError", `Action ${key} already exists`);
      actions.set(key, fakeAction());
    },
    delAction: (key) => {
      action(key);
      actions.delete(plainText(key));
    },
  };
}

function listed(value: Plain | undefined): readonly Plain[] {
  return Array.isArray(value) ? value.map((item: Plain) => item) : [];
}

function fakeAction(): ActionDesk {
  const properties = new Map<string, Plain>([
    ["actionban", "nft add element <ip>"],
    ["timeout", 60],
  ]);
  return {
    properties: () => [...properties.keys()],
    methods: () => ["flush", "ban"],
    ask: (property) => {
      const value = properties.get(property);
      if (value === undefined)
        throw new Refusal("AttributeError", `'CommandAction' object has no attribute '${property}'`);
      return value;
    },
    put: (property, value) => void properties.set(property, value),
    call: (method, parameters) => `${method}(${[...parameters.keys()].join()})`,
  };
}
