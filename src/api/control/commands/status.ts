/** What the jails are at: `status` in every flavor, and the table of `stats` (config-cli.md §6.6). */
import { Float, pythonRepr, Refusal, Tuple, type Plain } from "../../../base/index.ts";
import {
  STATUS_FLAVORS,
  type Desk,
  type JailDesk,
  type JailStatus,
  type SourceState,
  type StatusFlavor,
} from "../desk.ts";
import { Id, Row, type Answer } from "../pickle/index.ts";
import { localTime } from "./jail.ts";
import { isList, isMap, jsonOf, listOf, plainText, texts, type Command, type Json, type View } from "./command.ts";
import { statsTable, type StatsRow } from "./table.ts";

export const STATUS: readonly Command[] = [
  {
    words: "status",
    section: "BASIC",
    help: "shows which jails there are",
    asks: true,
    run: (desk) => overview(desk),
    show: (value) => tree("Status", listOf(value)),
    json: (value) => named(value),
  },
  {
    words: "status --all",
    usage: "[<FLAVOR>]",
    section: "BASIC",
    help: "shows how all jails are doing",
    asks: true,
    run: async (desk, [flavor, ...more]) => {
      refuseMore(more);
      const known = flavorOf(desk, flavor);
      const all = new Map<string, Answer>();
      for (const jail of byName(desk)) all.set(jail.name, statusAnswer(await jail.status(known), known));
      return known === "stats" ? all : [...overview(desk), all];
    },
    show: (value, args, view) => (isMap(value) ? statsText(value, view) : allJails(listOf(value))),
    json: (value) => {
      const rows = isMap(value) ? [value] : listOf(value);
      const [jails] = rows.filter(isMap);
      const each = Object.fromEntries([...(jails ?? [])].map(([name, status]) => [name, named(status)]));
      return { ...named(rows.filter((row) => !isMap(row))), status: each };
    },
  },
  {
    words: "status <JAIL>",
    usage: "[<FLAVOR>]",
    section: "JAIL CONTROL",
    help: `shows how the jail is doing; flavors: ${STATUS_FLAVORS.join(", ")}`,
    needs: 1,
    asks: true,
    run: async (desk, [name = null, flavor, ...more]) => {
      refuseMore(more);
      const jail = desk.jail(name);
      const known = flavorOf(desk, flavor);
      return statusAnswer(await jail.status(known), known);
    },
    show: (value, [jail = "", flavor], view) =>
      flavor === "stats"
        ? statsText(new Map([[jail, value]]), view)
        : tree(`Status for the jail: ${jail}`, listOf(value)),
    json: (value) => named(value),
  },
  ...["stats", "statistics", "statistic"].map((word): Command => ({
    words: word,
    syntax: "stat[istic]s",
    section: "BASIC",
    help: word === "stats" ? "shows a table of all jails: failures and bans, now and in total" : null,
    asks: true,
    run: async (desk) => {
      const all = new Map<string, Answer>();
      for (const jail of byName(desk)) all.set(jail.name, statusAnswer(await jail.status("stats"), "stats"));
      return all;
    },
    show: (value, _, view) => (isMap(value) ? statsText(value, view) : plainText(value)),
    json: (value) =>
      isMap(value) ? Object.fromEntries([...value].map(([name, status]) => [name, named(status)])) : jsonOf(value),
  })),
];

function refuseMore(more: readonly Plain[]): void {
  if (more.length > 0) throw new Refusal("Exception", "Invalid command (no status)");
}

/** A flavor that nobody knows counts as `basic`, and is said in the log. */
function flavorOf(desk: Desk, flavor: Plain | undefined): StatusFlavor {
  const known = flavor === undefined ? "basic" : STATUS_FLAVORS.find((name) => name === flavor);
  if (known !== undefined) return known;
  const text = `Unsupported extended jail status flavor ${pythonRepr(flavor ?? null)}. Supported: ${pythonRepr(STATUS_FLAVORS)}`;
  desk.say({ level: "WARNING", logger: "jail", text });
  return "basic";
}

function byName(desk: Desk): readonly JailDesk[] {
  return desk.jails().toSorted((a, b) => (a.name < b.name ? -1 : 1));
}

function overview(desk: Desk): readonly Answer[] {
  const names = byName(desk).map(({ name }) => name);
  return [new Tuple("Number of jail", names.length), new Tuple("Jail list", names.join(", "))];
}

function statusAnswer(status: JailStatus, flavor: StatusFlavor): Answer {
  const { backend, failed, banned, source, owners } = status;
  if (flavor === "stats")
    return [backend, new Tuple(failed.current, failed.total), new Tuple(banned.current, banned.total)];
  if (flavor === "sources") return (status.sources ?? []).map(sourceRow);
  const read =
    source.of === "files"
      ? new Tuple("File list", source.files)
      : new Tuple("Journal matches", source.matches.map((words) => words.join(" ")).join(" + "));
  const bans: Answer[] = [new Tuple("Currently banned", banned.current), new Tuple("Total banned", banned.total)];
  if (flavor !== "short")
    bans.push(
      new Row(
        "Banned IP list",
        status.ids.map((id) => new Id(id)),
      ),
    );
  if (owners !== undefined)
    bans.push(
      new Tuple("Banned ASN list", owners.asn),
      new Tuple("Banned Country list", owners.country),
      new Tuple("Banned RIR list", owners.rir),
    );
  return [
    new Tuple("Filter", [new Tuple("Currently failed", failed.current), new Tuple("Total failed", failed.total), read]),
    new Row("Actions", bans),
  ];
}

/** One branch for each log, in the form of any status: so the original's client prints it too. */
function sourceRow(state: SourceState): Tuple {
  return new Tuple(state.source, [
    new Tuple("Read by", state.mode),
    new Tuple("Lines", state.lines),
    new Tuple("Bytes", state.bytes),
    new Tuple("Lines cut", state.cut),
    new Tuple("Bytes behind", state.behindBytes),
    new Tuple("Seconds behind", new Float(Math.round(state.behindSeconds * 10) / 10)),
    new Tuple(LAST_LINE, state.lastLineAt === null ? null : new Float(state.lastLineAt)),
    new Tuple("Caught up", state.live),
    new Tuple("Trouble", state.trouble),
  ]);
}

const LAST_LINE = "Last line";

/** A heading and its branches: `|- ` before each, `` `- `` before the last, what is below a branch indented under it. */
function tree(heading: string, pairs: readonly Plain[]): string {
  return [heading, ...branches(pairs)].join("\n");
}

function branches(pairs: readonly Plain[]): readonly string[] {
  return pairs.flatMap((pair, i) => branch(listOf(pair), i === pairs.length - 1));
}

function branch([label = "", value = null]: readonly Plain[], last: boolean): readonly string[] {
  const stem = last ? "`- " : "|- ";
  const isGroup = isList(value) && listOf(value).some((item) => item instanceof Tuple);
  if (!isGroup) return [`${stem}${plainText(label)}:\t${leaf(label, value)}`];
  return [`${stem}${plainText(label)}`, ...branches(listOf(value)).map((line) => `${last ? "   " : "|  "}${line}`)];
}

function leaf(label: Plain, value: Plain): string {
  if (label === LAST_LINE && value instanceof Float) return localTime(value.value);
  return isList(value) ? texts(listOf(value)).join(" ") : plainText(value);
}

/** `status --all`: the overview, and below its last branch every jail. */
function allJails(rows: readonly Plain[]): string {
  const pairs = rows.filter((row) => !isMap(row));
  const jails = [...(rows.find(isMap) ?? [])];
  if (jails.length === 0) return tree("Status", pairs);
  return tree("Status", [
    ...pairs,
    new Tuple(
      "Status for the jails:",
      jails.map(([name, status]) => new Tuple(`Jail: ${name}`, status)),
    ),
  ]);
}

function statsText(all: ReadonlyMap<string, Plain>, view: View): string {
  const rows = [...all].map(([jail, status]): StatsRow => {
    const [backend = "", failed, banned] = listOf(status);
    return { jail, backend: plainText(backend), numbers: [...texts(listOf(failed)), ...texts(listOf(banned))] };
  });
  return statsTable(rows, view.unicode);
}

/** The labels of status replies as keys. */
const KEYS: Readonly<Record<string, string>> = {
  "Number of jail": "count",
  "Jail list": "jails",
  Filter: "filter",
  Actions: "actions",
  "Currently failed": "currently_failed",
  "Total failed": "total_failed",
  "File list": "files",
  "Journal matches": "journal_matches",
  "Currently banned": "currently_banned",
  "Total banned": "total_banned",
  "Banned IP list": "banned",
  "Banned ASN list": "asn",
  "Banned Country list": "country",
  "Banned RIR list": "rir",
  "Read by": "read_by",
  Lines: "lines",
  Bytes: "bytes",
  "Lines cut": "lines_cut",
  "Bytes behind": "bytes_behind",
  "Seconds behind": "seconds_behind",
  [LAST_LINE]: "last_line",
  "Caught up": "caught_up",
  Trouble: "trouble",
};

/** A list of pairs as an object with the keys above; a row of `stats` likewise. */
function named(value: Plain): { readonly [key: string]: Json } {
  const rows = listOf(value);
  const [backend, failed, banned] = rows;
  if (typeof backend === "string") {
    const [failedNow = null, failedEver = null, bannedNow = null, bannedEver = null] = [
      ...listOf(failed),
      ...listOf(banned),
    ].map(jsonOf);
    return {
      backend,
      currently_failed: failedNow,
      total_failed: failedEver,
      currently_banned: bannedNow,
      total_banned: bannedEver,
    };
  }
  return Object.fromEntries(rows.map((row) => entry(listOf(row))));
}

function entry([label = "", value = null]: readonly Plain[]): [key: string, value: Json] {
  const key = KEYS[plainText(label)] ?? plainText(label);
  if (key === "jails" && typeof value === "string") return [key, value === "" ? [] : value.split(", ")];
  return [key, listOf(value).some((item) => item instanceof Tuple) ? named(value) : jsonOf(value)];
}
