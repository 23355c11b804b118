/** Random configurations within the grammar, from a seed: small enough to read, odd enough to meet the corners. */

/** A generator of numbers that a seed determines (mulberry32). */
export function seeded(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
  };
}

/** @returns files as one text: `--- path` begins a file */
export function randomConfiguration(random: () => number): string {
  const make = new Maker(random);
  const parts = [
    ["jail.conf", make.jails(true)],
    ...make.some(["jail.local", "jail.d/1.conf", "jail.d/b.local"]).map((path) => [path, make.jails(false)]),
    ["filter.d/f.conf", make.definition(FILTER_KEYS)],
    ["filter.d/g.conf", make.definition(FILTER_KEYS)],
    ...make.some(["filter.d/f.local", "filter.d/inc.conf"]).map((path) => [path, make.definition(FILTER_KEYS)]),
    ["action.d/a.conf", make.definition(ACTION_KEYS)],
    ["action.d/b.conf", make.definition(ACTION_KEYS)],
    ...make.some(["action.d/a.local", "action.d/inc.local"]).map((path) => [path, make.definition(ACTION_KEYS)]),
  ];
  return parts.map(([path, text]) => `--- ${path}\n${text}`).join("");
}

const JAIL_KEYS = [
  "maxretry",
  "bantime",
  "findtime",
  "usedns",
  "ignorecommand",
  "ignoreip",
  "failregex",
  "ignoreregex",
  "maxlines",
  "datepattern",
  "journalmatch",
  "logencoding",
  "bantime.increment",
  "bantime.factor",
  "ignoreself",
  "prefregex",
];
const FILTER_KEYS = ["failregex", "ignoreregex", "prefregex", "maxlines", "datepattern", "journalmatch", "usedns"];
const ACTION_KEYS = [
  "actionban",
  "actionunban",
  "actionstart",
  "actionstop",
  "actioncheck",
  "norestored",
  "actionflush",
  "actionstart_on_demand",
];
const OWN_KEYS = ["x", "y", "zz", "port", "Mode", "q"];
/** Never given as arguments: what HEAD does then is not what 1.0.2 does (config-cli.md §11). */
const CONDITIONAL_KEYS = ["zz", "q", "a-b", "actionban"];
const NAMES = ["x", "y", "zz", "port", "mode", "q", "maxretry", "bantime", "failregex", "__name__"];
const WORDS = [
  "a",
  "<HOST>",
  "^b$",
  "1.2.3.4",
  "10",
  "5m",
  "it's",
  '"two words"',
  "a;b",
  "# no",
  " ; yes",
  "=",
  ":",
  "[c]",
  "é",
  "\\d+",
  "%%",
  "<ip>",
  "<bantime>",
  "true",
  "no",
];

class Maker {
  readonly #random: () => number;

  constructor(random: () => number) {
    this.#random = random;
  }

  #chance(odds: number): boolean {
    return this.#random() < odds;
  }

  #pick<T>(items: readonly [T, ...T[]] | readonly T[]): T {
    const item = items[Math.floor(this.#random() * items.length)];
    if (item === undefined) throw new Error("nothing to pick from");
    return item;
  }

  some<T>(items: readonly T[]): T[] {
    return items.filter(() => this.#chance(0.4));
  }

  jails(first: boolean): string {
    const out = first
      ? [
          "[DEFAULT]",
          "enabled = true",
          "backend = polling",
          "filter = f",
          "action =",
          ...this.#options(OWN_KEYS, 0.9),
          ...this.#options(JAIL_KEYS, 0.1),
        ]
      : [];
    if (!first && this.#chance(0.4)) out.push("[DEFAULT]", ...this.#options(OWN_KEYS, 0.4));
    for (const name of this.some(["j1", "j2", "web-x", "Definition"])) {
      out.push(`[${name}]`);
      if (this.#chance(0.6)) out.push(`filter = ${this.#reference(["f", "g"])}`);
      if (this.#chance(0.6))
        out.push(
          `action = ${Array.from({ length: 1 + Math.floor(this.#random() * 2) }, () => this.#reference(["a", "b", "m.py"])).join("\n   ")}`,
        );
      out.push(...this.#options(JAIL_KEYS, 0.25), ...this.#options(OWN_KEYS, 0.3));
    }
    return `${out.join("\n")}\n`;
  }

  definition(keys: readonly string[]): string {
    const out: string[] = [];
    if (this.#chance(0.2))
      out.push("[INCLUDES]", `${this.#pick(["before", "after"])} = inc.${this.#pick(["conf", "local"])}`);
    out.push("[DEFAULT]", ...this.#options(OWN_KEYS, 0.85));
    out.push("[Definition]", ...this.#options(keys, 0.5), ...this.#options(OWN_KEYS, 0.4));
    if (this.#chance(0.5)) out.push("[Init]", ...this.#options(OWN_KEYS, 0.5), ...this.#options(keys, 0.05));
    if (this.#chance(0.3)) out.push("[Init?family=inet6]", ...this.#options(CONDITIONAL_KEYS, 0.5));
    if (this.#chance(0.2)) out.push("[sec]", ...this.#options(OWN_KEYS, 0.5));
    return `${out.join("\n")}\n`;
  }

  #options(keys: readonly string[], odds: number): string[] {
    return keys
      .filter(() => this.#chance(odds))
      .map((key) => `${key}${this.#pick([" = ", "=", " : ", ": "])}${this.#value(key)}`);
  }

  /** Values refer to names behind their own only, so that most configurations can be read. */
  #value(key: string): string {
    const lines = this.#chance(0.2) ? 2 : 1;
    return Array.from({ length: lines }, () => this.#line(key)).join(this.#pick(["\n   ", "\n\n  ", "\n# c\n\t"]));
  }

  #line(key: string): string {
    const count = Math.floor(this.#random() * 4);
    return Array.from({ length: count }, () => this.#word(key)).join(this.#pick([" ", " ", "  ", ""]));
  }

  #word(key: string): string {
    const at = NAMES.indexOf(key.toLowerCase());
    const later = NAMES.slice(at + 1, 6);
    if (this.#chance(0.12) && later.length > 0)
      return `<${this.#pick(["", "", "known/", "sec/", "Init/", "default/"])}${this.#pick(later)}>`;
    if (this.#chance(0.03) && later.length > 0)
      return `%(${this.#pick(["", "", "", "", "known/", "default/", "sec/"])}${this.#pick(later)})s`;
    if (this.#chance(0.02)) return "%(__name__)s";
    return this.#pick(WORDS);
  }

  #reference(names: readonly string[]): string {
    const name = this.#pick(names);
    if (this.#chance(0.4)) return name;
    const argument = (): string => {
      const quote = this.#pick(["", '"', "'"]);
      const value = this.#chance(0.3)
        ? `<${this.#pick(["known/x", "y", "q"])}>`
        : this.#pick(["1", "a b", "x=y", "ssh", "", "b,c", "]"]);
      return `${this.#pick(["x", "y", "port", "Mode", "name", "actname", "actionstop", "failregex", "maxlines", "date", "k"])}=${quote}${value}${quote}`;
    };
    const inside = Array.from({ length: 1 + Math.floor(this.#random() * 3) }, argument).join(
      this.#pick([",", ", ", " ,", "]["]),
    );
    return `${name}[${inside}]`;
  }
}
