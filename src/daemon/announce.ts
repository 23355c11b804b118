/** What a server that is tried out in the foreground tells of itself: what it watches, how it enforces, how to ask it. */
import type { Office } from "./desk/server-desk.ts";
import type { ServerOptions } from "./options.ts";

export function announce({ jails }: Office, options: ServerOptions): string {
  const lines: string[] = [];
  for (const guard of jails.all()) {
    const { backend } = guard.sources;
    const { logpath, journalmatch, actions } = guard.jail.settings;
    const where =
      backend === "systemd"
        ? `the journal (${journalmatch.map((line) => line.join(" ")).join(" + ") || "every entry"})`
        : logpath.map(({ path }) => path).join(", ") || "nothing: no log file is there";
    const how = options.watchOnly ? "only watches" : actions.map(({ name }) => name).join(", ") || "no action";
    lines.push(`watching       ${guard.name}: ${where}`, `enforcing      ${guard.name}: ${how}`);
  }
  if (lines.length === 0) lines.push("watching       nothing: no jail is enabled");
  return `${lines.join("\n")}\n`;
}
