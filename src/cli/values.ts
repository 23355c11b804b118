/** The second half of `-t`: what the server would refuse of what the files say — expressions, durations, names of encodings. */
import { setFlagsFromString } from "node:v8";
import type { Issue } from "../base/index.ts";
import { complaintsAbout } from "../core/action/index.ts";
import { foldStream, startGeneral, type Folded } from "../core/jail/index.ts";
import { prepareEngine } from "../core/pattern/index.ts";
import { refusalIssues, type Reading } from "../io/config/index.ts";
import { localeEncoding, machineZone } from "../io/machine/index.ts";

/** Of whichever machine: only whether a command can be made counts. */
const HOSTS = { full: "localhost", short: "localhost" };

/**
 * Nothing is put into force.
 * @returns a mistake for every value that would be refused, with its place, and for every action of which a command cannot be made
 */
export function valueIssues(reading: Reading, env: Parameters<typeof localeEncoding>[0]): readonly Issue[] {
  prepareEngine((flag) => setFlagsFromString(flag));
  const zone = machineZone();
  const world = { zone, thisYear: zone.toLocal(Date.now() / 1000).year, encoding: localeEncoding(env) };
  const commands = [...reading.commands, ...reading.own];
  const folded = foldStream(
    commands.map(({ words }) => words),
    { general: startGeneral(), jails: new Map() },
    world,
  );
  // A jail that could not be read has its issues already.
  return [...refusalIssues(commands, folded.refusals), ...actionIssues(folded)];
}

function* actionIssues({ jails, started }: Folded): Generator<Issue> {
  for (const name of started) {
    for (const action of jails.get(name)?.actions ?? []) {
      for (const message of complaintsAbout(action, { jail: name, hosts: HOSTS, ipv6: true }))
        yield {
          level: "error",
          at: null,
          jail: name,
          message: `action ${action.name}: ${message}`,
          remedy: "correct the action",
        };
    }
  }
}
