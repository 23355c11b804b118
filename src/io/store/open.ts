/** From the setting `dbfile` to a store. */
import { openFile } from "./file.ts";
import { Store, type StoreWorld } from "./store.ts";
import { WAITING_LIMITS, type WaitingLimits } from "./waiting.ts";

/** `store` is null where the setting says that there shall be none. */
export type OpenedStore =
  | { readonly ok: true; readonly store: Store | null }
  | { readonly ok: false; readonly message: string };

/**
 * @param dbfile a path, `:memory:`, or `None` in any case
 * @param limits of what may wait while the file cannot be written
 */
export function openStore(dbfile: string, world: StoreWorld, limits: WaitingLimits = WAITING_LIMITS): OpenedStore {
  if (dbfile.toLowerCase() === "none") return { ok: true, store: null };
  const opened = openFile(dbfile, { now: () => world.clock.now(), say: world.say });
  return opened.ok ? { ok: true, store: new Store(dbfile, opened, world, limits) } : opened;
}
