/** The templates that all detectors of a process share, by pattern, and the list of the default ones (engine.md §3.1, §3.2). */
import { AT_LINE_BEGIN } from "./expression.ts";
import { FORMATS, TWIN_WEIGHT } from "./formats.ts";
import { draftOf, keyOf, Template, refusal } from "./template.ts";

/** Patterns remembered; beyond it the oldest is forgotten, which costs a compilation. */
const TEMPLATES_MAX = 1000;

export type Made =
  | { readonly ok: true; readonly template: Template }
  | { readonly ok: false; readonly message: string };

export interface Defaults {
  /** Twins first: what is searched where nothing is configured. */
  readonly all: readonly Template[];
  /** One for each format: what `{DATE}` stands for. */
  readonly plain: readonly Template[];
}

const TWINS = FORMATS.filter((format) => !format.startsWith("^") && !format.startsWith(AT_LINE_BEGIN)).map(
  (format) => AT_LINE_BEGIN + format,
);
/** Of all default templates, in their order. */
const ALL_KEYS = [...TWINS, ...FORMATS].map(keyOf);

/** Make one for the whole process and give it to each detector; `%ExY` depends on the year, so years do not mix. */
export class Templates {
  readonly #known = new Map<string, Template>();
  readonly #defaults = new Map<number, Defaults>();

  /** Complaints are fail2ban's words, for expressions that do not compile too. A pattern that is a default one has that one's weight. */
  get(pattern: string, thisYear: number): Made {
    const key = `${thisYear} ${keyOf(pattern)}`;
    const known = this.#known.get(key) ?? this.#defaultOf(pattern, thisYear);
    if (known !== null) return { ok: true, template: known };
    const drafted = draftOf(pattern, thisYear);
    if (!drafted.ok) return drafted;
    const template = new Template(drafted.draft);
    const message = template.compile();
    if (message !== null) return { ok: false, message: refusal(pattern, message) };
    this.#keep(key, template);
    return { ok: true, template };
  }

  defaults(thisYear: number): Defaults {
    const known = this.#defaults.get(thisYear);
    if (known !== undefined) return known;
    const plain = FORMATS.map((format) => this.#default(format, thisYear, 1));
    const all = [...TWINS.map((format) => this.#default(format, thisYear, TWIN_WEIGHT)), ...plain];
    const made = { all, plain };
    this.#defaults.set(thisYear, made);
    return made;
  }

  #default(format: string, thisYear: number, weight: number): Template {
    const drafted = draftOf(format, thisYear);
    if (!drafted.ok) throw new Error(drafted.message);
    return new Template(drafted.draft, weight);
  }

  #defaultOf(pattern: string, thisYear: number): Template | null {
    const { all } = this.defaults(thisYear);
    const index = ALL_KEYS.indexOf(keyOf(pattern));
    return all[index] ?? null;
  }

  #keep(key: string, template: Template): void {
    this.#known.set(key, template);
    if (this.#known.size <= TEMPLATES_MAX) return;
    for (const oldest of this.#known.keys()) {
      this.#known.delete(oldest);
      break;
    }
  }
}

/** Patterns are compiled once for the whole process: when they are checked, when a jail is made, when it is reloaded. */
export const sharedTemplates = new Templates();

export function createTemplates(): Templates {
  return new Templates();
}
