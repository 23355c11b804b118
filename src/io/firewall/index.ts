/** The door of `firewall`: the only room that runs commands. */
export { type Job, type Log, type Ran, type Runner } from "./job.ts";
export { shellRunner, type ShellOptions, type ShellRunner } from "./run.ts";
export { type WatchOnly, watchOnlyRunner } from "./watch-only.ts";
export { type NameAnswer, type Resolver, type ResolverOptions, systemResolver, type TextAnswer } from "./resolve.ts";
export { type Hosts } from "./hosts.ts";
