/** From the option `datepattern` to a detector (engine.md §3.2, §3.4 last part). */
import { type Zone } from "../../base/index.ts";
import { Detector } from "./detector.ts";
import { LINE_BEGIN } from "./expression.ts";
import { embed, keyOf, type Template } from "./template.ts";
import { sharedTemplates, type Templates } from "./templates.ts";

export interface DetectorOptions {
  /** As written, one pattern a line, tried in order; null: the default list. */
  readonly datepattern: string | null;
  /** The machine's zone, in which dates without a zone are read. */
  readonly zone: Zone;
  /** From `logtimezone`: minutes east of UTC for dates without a zone; null: the machine's zone. */
  readonly timezone: number | null;
  /** When the process started: `%ExY` takes only years around it. */
  readonly thisYear: number;
  /** Left out or null: those that the whole process shares. */
  readonly templates?: Templates | null;
}

/** `kind` is the Python exception that fail2ban answers with. */
export type Created =
  | { readonly ok: true; readonly detector: Detector }
  | { readonly ok: false; readonly kind: "TypeError" | "ValueError"; readonly message: string };

/** Patterns of one detector; more are refused. The default list has 31. */
const PATTERNS_MAX = 1000;

/** Compiles every pattern at once, so that a wrong one is refused here and not at the first line. */
export function createDetector(options: DetectorOptions): Created {
  const { thisYear, zone, timezone } = options;
  const templates = options.templates ?? sharedTemplates;
  const list = new Map<string, Template>();
  const patterns = (options.datepattern ?? "").split("\n").map((pattern) => pattern.trim());
  for (const pattern of patterns.filter((pattern) => pattern !== "")) {
    const added = append(list, pattern, templates, thisYear);
    if (added !== null) return { ok: false, ...added };
  }
  if (list.size === 0) for (const template of templates.defaults(thisYear).all) list.set(template.name, template);
  return { ok: true, detector: new Detector([...list.values()], zone, timezone) };
}

type Refused = { readonly kind: "TypeError" | "ValueError"; readonly message: string };

function append(list: Map<string, Template>, pattern: string, templates: Templates, thisYear: number): Refused | null {
  const key = keyOf(pattern);
  if (key === "{DEFAULT}" || key === "{^LN-BEG}") {
    const { all } = templates.defaults(thisYear);
    const wanted = key === "{DEFAULT}" ? all : all.filter((template) => (template.draft.flags & LINE_BEGIN) !== 0);
    return addAll(list, wanted);
  }
  const made: Template[] = [];
  const embedded = key.includes("{DATE}");
  const meant = embedded
    ? templates.defaults(thisYear).plain.map((template) => embed(pattern, template.draft))
    : [pattern];
  for (const each of meant) {
    const got = templates.get(each, thisYear);
    if (!got.ok) return { kind: "TypeError", message: got.message };
    made.push(got.template);
  }
  return embedded ? addAll(list, made) : add(list, made);
}

/** Several at once make way for what is there already; alone they must not meet each other either. */
function addAll(list: Map<string, Template>, templates: readonly Template[]): Refused | null {
  return add(list, list.size === 0 ? templates : templates.filter((template) => !list.has(template.name)));
}

function add(list: Map<string, Template>, templates: readonly Template[]): Refused | null {
  for (const template of templates) {
    if (list.has(template.name)) {
      return { kind: "ValueError", message: `There is already a template with name ${template.name}` };
    }
    if (list.size >= PATTERNS_MAX) return { kind: "ValueError", message: `more than ${PATTERNS_MAX} date templates` };
    list.set(template.name, template);
  }
  return null;
}
