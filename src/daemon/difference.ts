/**
 * What must happen so that what runs becomes what is wanted: start, reload and `set` are the same difference
 * (docs/ARCHITECTURE.md, Change). Pure: it compares settings and does nothing.
 */
import type { ActionSettings } from "../core/action/index.ts";
import type { JailSettings, LogPath } from "../core/jail/index.ts";

export interface JailsDifference {
  /** Names of jails that are not wanted any more, or that must begin anew. */
  readonly stop: readonly string[];
  readonly start: readonly JailSettings[];
  readonly change: readonly JailSettings[];
  /** Of those that begin anew only because of another backend: from which to which. */
  readonly restart: readonly { readonly name: string; readonly from: string; readonly to: string }[];
}

/** @param anew jails that are stopped and started though they could be changed in place (`reload --restart`) */
export function differenceOfJails(
  running: ReadonlyMap<string, JailSettings>,
  wanted: ReadonlyMap<string, JailSettings>,
  anew: boolean,
): JailsDifference {
  const stop: string[] = [];
  const start: JailSettings[] = [];
  const change: JailSettings[] = [];
  const restart: { name: string; from: string; to: string }[] = [];
  for (const [name, settings] of running) {
    const after = wanted.get(name);
    if (after === undefined || anew || after.backend !== settings.backend) stop.push(name);
    if (after !== undefined && !anew && after.backend !== settings.backend)
      restart.push({ name, from: settings.backend, to: after.backend });
  }
  for (const [name, settings] of wanted) {
    if (!running.has(name) || stop.includes(name)) start.push(settings);
    else change.push(settings);
  }
  return { stop, start, change, restart };
}

export interface ActionsDifference {
  /** Names, in the order in which they are stopped: the last first. */
  readonly stop: readonly string[];
  readonly start: readonly ActionSettings[];
  readonly reload: readonly ActionSettings[];
}

export function differenceOfActions(
  running: readonly ActionSettings[],
  wanted: readonly ActionSettings[],
): ActionsDifference {
  const before = new Map(running.map((action) => [action.name, action]));
  const after = new Map(wanted.map((action) => [action.name, action]));
  const isAnother = (a: ActionSettings, b: ActionSettings): boolean => a.module !== b.module;
  const gone = running.filter((action) => {
    const next = after.get(action.name);
    return next === undefined || isAnother(action, next);
  });
  const kept = wanted.filter((action) => {
    const last = before.get(action.name);
    return last !== undefined && !isAnother(action, last);
  });
  return {
    stop: gone.map((action) => action.name).toReversed(),
    start: wanted.filter((action) => !kept.includes(action)),
    reload: kept,
  };
}

/**
 * Whether one action may be started while the other still is: chains, sets and tables are called after the action's `name`, and the two have
 * none in common. Where that cannot be seen they count as dependent: the end of one could take away what the other has made.
 */
export function areIndependent(one: ActionSettings, other: ActionSettings): boolean {
  const [first, second] = [ownWords(one), ownWords(other)];
  return first.size > 0 && second.size > 0 && first.isDisjointFrom(second);
}

/** `f2b-sshd` and the like: in commands, and in parameters that wait for the family. */
function ownWords({ properties }: ActionSettings): ReadonlySet<string> {
  const name = properties.get("name") ?? "";
  if (name === "") return new Set();
  const isOwn = new RegExp(`(?:^|[^a-z0-9])${RegExp.escape(name)}(?:$|[^a-z0-9])`, "i");
  const words = [...properties].flatMap(([key, value]) =>
    key === "name" || key === "actname" ? [] : (value.replaceAll("<name>", name).match(/[\w.-]+/g) ?? []),
  );
  return new Set(words.filter((word) => isOwn.test(word)));
}

export interface LogsDifference {
  readonly stop: readonly string[];
  readonly follow: readonly LogPath[];
}

/** A file that is read already goes on where it is: `head` or `tail` matters only for new ones. */
export function differenceOfLogs(running: readonly LogPath[], wanted: readonly LogPath[]): LogsDifference {
  const paths = new Set(wanted.map((log) => log.path));
  const known = new Set(running.map((log) => log.path));
  return { stop: [...known].filter((path) => !paths.has(path)), follow: wanted.filter((log) => !known.has(log.path)) };
}
