/** Options that nobody reads, with what was probably meant. */
import type { Issue, Place } from "../../base/index.ts";
import { GENERAL_WORDS, JAIL_KEYS } from "../../core/option/index.ts";
import type { Definition } from "./definition.ts";
import type { Written } from "./files.ts";
import type { Book } from "./merge.ts";

/** Names that jail.conf and paths-*.conf offer to be set, whether or not something in this configuration refers to them. */
const STOCK_NAMES = new Set([
  ..."action_ action_mw action_mwl action_xarf action_cf_mwl action_blocklist_de action_abuseipdb action_badips action_badips_report".split(
    " ",
  ),
  ..."banaction banaction_allports blocklist_de_apikey blocktype cfapikey cfemail chain default_backend destemail fail2ban_agent".split(
    " ",
  ),
  ..."fail2ban_confpath fail2ban_version knocking_url mode mta port protocol returntype sender sendername tcpport udpport".split(
    " ",
  ),
]);
/** Also what begins with an underscore: by custom a note to oneself. */
const STOCK_FORM = /^(?:_.*|known\/.*|syslog_.*|.*_(?:log|logs|backend))$/;

const GENERAL_NAMES = new Set([...GENERAL_WORDS.map(({ key }): string => key), "socket", "pidfile"]);

/** What people write, and what they mean; the rest is found by likeness. */
const MEANT: Readonly<Record<string, string>> = {
  maxfailures: "maxretry",
  maxfailure: "maxretry",
  maxfails: "maxretry",
  maxattempts: "maxretry",
  retries: "maxretry",
  "bantime.max": "bantime.maxtime",
  "bantime.multiplier": "bantime.multipliers",
  ignoreips: "ignoreip",
  whitelist: "ignoreip",
  logfile: "logpath",
  log: "logpath",
  regex: "failregex",
};

const NO_WINDOW =
  "there is no window in which bans are counted: a repeated ban grows for as long as the database remembers the earlier one, which is dbpurgeage in fail2ban.local (default 1d)";

/** @param books of the filters and actions in use: what they refer to counts as read */
export function unreadOptions(book: Book, jails: readonly string[], books: readonly Book[]): Issue[] {
  const referred = referredNames([book, ...books]);
  const check = (jail: string | null, options: ReadonlyMap<string, Written>): Issue[] =>
    [...options].filter(([key]) => !isRead(key, referred)).map(([key, { at }]) => unread(key, at, jail));
  return [...check(null, book.defaults), ...jails.flatMap((jail) => check(jail, book.sections.get(jail) ?? new Map()))];
}

/** In filters and actions every name may be a tag: only a name that looks like a slip of the pen is told. */
export function unreadDefinitions({ book, recognised, at }: Definition): Issue[] {
  const names = recognised.map(({ key }) => key);
  return [...noDefinition(book, at), ...slips(book, book.sections.get("Definition"), names)];
}

function noDefinition({ headers, sections }: Book, at: Place): Issue[] {
  if (sections.has("Definition")) return [];
  const meant = headers.find(({ name }) => lettersApart(name.toLowerCase(), "definition") <= 2);
  const first = meant ?? headers[0];
  return [
    {
      level: "warning",
      at: first?.at ?? at,
      message: `No section: 'Definition': ${first === undefined ? "what it refers to" : "this file"} does nothing`,
      remedy:
        meant === undefined ? "put its options below [Definition]" : `write [Definition] instead of [${meant.name}]`,
    },
  ];
}

/** A jail that is not used for a slip of the pen, and defaults that are none: of both nothing else would ever be said. */
export function unreadSections({ sections, headers }: Book): Issue[] {
  return [...sections].flatMap(([name, options]): Issue[] => {
    const at = headers.find((header) => header.name === name)?.at ?? null;
    if (/^defaults?$/i.test(name))
      return [
        {
          level: "warning",
          at,
          message: `[${name}] is a jail like others, and no jail has its options`,
          remedy: "did you mean [DEFAULT]?",
        },
      ];
    if (options.has("enabled")) return [];
    return [...options].flatMap(([key, written]): Issue[] =>
      nearest(key, ["enabled"], 2) === null
        ? []
        : [
            {
              level: "warning",
              at: written.at,
              jail: name,
              message: `nothing reads the option "${key}", the jail is not used`,
              remedy: "did you mean enabled?",
            },
          ],
    );
  });
}

/** The same for fail2ban.conf; and what belongs into jail.conf. */
export function unreadGeneral(book: Book): Issue[] {
  const names = [...GENERAL_NAMES];
  const definition = book.sections.get("Definition");
  const jails = [...book.sections].filter(([name]) => !GENERAL_SECTIONS.has(name)).map(([, options]) => options);
  return [
    ...slips(book, book.defaults, names),
    ...slips(book, definition, names),
    ...[book.defaults, definition, ...jails].flatMap((options) => misplaced(book, options)),
  ];
}

const GENERAL_SECTIONS = new Set(["Definition", "Thread", "INCLUDES"]);

function misplaced(book: Book, options: ReadonlyMap<string, Written> | undefined): Issue[] {
  const likely = [...(options ?? [])].filter(([key]) => JAIL_KEYS.has(key) && !GENERAL_NAMES.has(key));
  if (likely.length === 0) return [];
  const referred = referredNames([book]);
  return likely
    .filter(([key]) => !referred.has(key))
    .map(([key, { at }]) => ({
      level: "warning",
      at,
      message: `nothing reads the option "${key}" here`,
      remedy: "it is an option of jails: put it into jail.local",
    }));
}

function slips(book: Book, options: ReadonlyMap<string, Written> | undefined, names: readonly string[]): Issue[] {
  const likely = [...(options ?? [])].flatMap(([key, { at }]) => {
    const name = names.includes(key) ? null : nearest(key, names, 2);
    return name === null ? [] : [{ key, at, name }];
  });
  if (likely.length === 0) return [];
  const referred = referredNames([book]);
  return likely
    .filter(({ key }) => !referred.has(key))
    .map(({ key, at, name }) => ({
      level: "warning",
      at,
      message: `nothing reads the option "${key}"`,
      remedy: `did you mean ${name}?`,
    }));
}

function isRead(key: string, referred: ReadonlySet<string>): boolean {
  return JAIL_KEYS.has(key) || isStockName(key) || STOCK_FORM.test(key) || referred.has(key);
}

/** Whether the stock configuration offers it to be set. */
export function isStockName(key: string): boolean {
  return STOCK_NAMES.has(key);
}

/** What was meant by an option that nobody reads, as a remedy. */
function remedyFor(key: string): string {
  if (key === "bantime.findtime") return NO_WINDOW;
  if (GENERAL_NAMES.has(key)) return "put it below [Definition] of fail2ban.local";
  const likely = MEANT[key] ?? nearest(key, [...JAIL_KEYS], 2);
  return likely === null ? "remove it, or refer to it with %(…)s" : `did you mean ${likely}?`;
}

function unread(key: string, at: Written["at"], jail: string | null): Issue {
  return {
    level: "warning",
    at,
    ...(jail === null ? {} : { jail }),
    message: `nothing reads the option "${key}"`,
    remedy: remedyFor(key),
  };
}

/** All names in `%(name)s`, `%(section/name)s` and `<name>`. */
function referredNames(books: readonly Book[]): ReadonlySet<string> {
  const names = new Set<string>();
  const options = books.flatMap(({ defaults, sections }) => [defaults, ...sections.values()]);
  for (const { text } of options.flatMap((one) => [...one.values()])) if (/[%<]/.test(text)) collect(text, names);
  return names;
}

function collect(text: string, names: Set<string>): void {
  for (const [, inPercent, inTag] of text.matchAll(
    /%\((?:[^)/]{0,100}\/)?([^)]{0,100})\)s|<(?:[^<>\s/]{0,100}\/)?([^<>\s/]{1,100})>/g,
  ))
    names.add((inPercent ?? inTag ?? "").toLowerCase());
}

/** The name that differs in the fewest letters, if there are at most `limit` and the name is long enough to tell. */
function nearest(key: string, names: readonly string[], limit: number): string | null {
  let best: { name: string; distance: number } | null = null;
  for (const name of names) {
    if (Math.abs(name.length - key.length) > limit) continue;
    const distance = lettersApart(key, name);
    if (distance <= limit && distance * 3 <= name.length && distance < (best?.distance ?? Infinity))
      best = { name, distance };
  }
  return best?.name ?? null;
}

/** Letters to insert, remove or replace to make one of the other. */
function lettersApart(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, at) => at);
  for (let i = 1; i <= a.length; i += 1) {
    const next = [i];
    for (let j = 1; j <= b.length; j += 1) {
      const replaced = (row[j - 1] ?? 0) + (a[i - 1] === b[j - 1] ? 0 : 1);
      next.push(Math.min(replaced, (row[j] ?? 0) + 1, (next[j - 1] ?? 0) + 1));
    }
    row = next;
  }
  return row[b.length] ?? 0;
}
