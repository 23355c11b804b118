/** The machine's own list of names, `/etc/hosts`: read again when it changes, since the resolver library does not look there. */
import { readFileSync, statSync } from "node:fs";
import { parseAddress } from "../../base/index.ts";

/** A longer file is taken for none. */
const FILE_MAX = 4 << 20;

export interface Hosts {
  addresses(name: string): readonly string[];
  name(address: string): string | null;
}

export function hostsFile(path: string): Hosts {
  let stamp = "";
  let forward = new Map<string, string[]>();
  let backward = new Map<string, string>();
  const refresh = (): void => {
    try {
      const now = statSync(path);
      const fresh = `${now.mtimeMs} ${now.size} ${now.ino}`;
      if (fresh === stamp) return;
      stamp = fresh;
      const text = now.size > FILE_MAX ? "" : readFileSync(path, "utf8");
      [forward, backward] = parseHosts(text);
    } catch {
      [forward, backward] = [new Map<string, string[]>(), new Map<string, string>()];
    }
  };
  return {
    addresses(name) {
      refresh();
      return forward.get(name.toLowerCase()) ?? [];
    },
    name(address) {
      refresh();
      return backward.get(address) ?? null;
    },
  };
}

function parseHosts(text: string): [Map<string, string[]>, Map<string, string>] {
  const forward = new Map<string, string[]>();
  const backward = new Map<string, string>();
  for (const line of text.split("\n")) {
    const [first = "", ...names] = line.replace(/#.*/, "").trim().split(/\s+/);
    const address = parseAddress(first)?.text;
    if (address === undefined) continue;
    for (const name of names) forward.set(name.toLowerCase(), [...(forward.get(name.toLowerCase()) ?? []), address]);
    if (names[0] !== undefined && !backward.has(address)) backward.set(address, names[0]);
  }
  return [forward, backward];
}
