/**
 * Names of addresses and addresses of names (engine.md §1.9, `<ip-host>`). Attackers choose what is asked and who answers: so a
 * question has two seconds, few run at a time, and answers are kept a while, also empty ones. Never uses the thread pool that
 * reads files: a slow name server stalls nothing.
 */
import type { Resolver as DnsResolver } from "node:dns/promises";
import { type Hosts, hostsFile } from "./hosts.ts";
import type { Clock, Instant, Span } from "../../base/index.ts";

/** Milliseconds for one question, all tries together; then it counts as unknown. */
const QUESTION_MAX = 2000;
/** Questions under way; further ones count as unknown at once and are not kept. */
const ASKED_MAX = 64;
/** Answers kept of each kind; the oldest make room. */
const KEPT_MAX = 1000;
const KEPT_FOR: Span = 300;
/** Addresses taken from one answer. */
const ADDRESSES_MAX = 100;

export interface NameAnswer {
  readonly addresses: readonly string[];
  /** Why there are none. */
  readonly failed: string | null;
}

export interface TextAnswer {
  readonly texts: readonly string[];
  /** The system's word for why there are none: `ENOTFOUND`, `ETIMEOUT` … */
  readonly failed: string | null;
}

export interface Resolver {
  addresses(name: string, ipv6: boolean): Promise<NameAnswer>;
  /** The reverse name, without a trailing dot. */
  host(ip: string): Promise<string | null>;
  /** The TXT records of a name. */
  text(name: string): Promise<TextAnswer>;
  /** Forgets every answer: at a reload. */
  clear(): void;
}

export interface ResolverOptions {
  readonly clock: Clock;
  readonly hosts?: Hosts;
  /** Name servers to ask instead of the system's, for tests. */
  readonly servers?: readonly string[];
}

export function systemResolver(options: ResolverOptions): Resolver {
  let made: DnsResolver | null = null;
  const resolver = (): DnsResolver => (made ??= newResolver(options.servers));
  const hosts = options.hosts ?? hostsFile("/etc/hosts");
  const forward = new Kept<NameAnswer>(options.clock);
  const backward = new Kept<string | null>(options.clock);
  const texts = new Kept<TextAnswer>(options.clock);
  return {
    addresses(name, ipv6) {
      const own = hosts.addresses(name);
      if (own.length > 0)
        return Promise.resolve({ addresses: own.filter((text) => ipv6 || !text.includes(":")), failed: null });
      return forward.ask(`${ipv6 ? 6 : 4} ${name}`, { addresses: [], failed: "too many questions at once" }, () =>
        lookUp(resolver(), name, ipv6),
      );
    },
    host(ip) {
      const own = hosts.name(ip);
      return own === null ? backward.ask(ip, null, () => reverse(resolver(), ip)) : Promise.resolve(own);
    },
    text: (name) =>
      texts.ask(name, { texts: [], failed: "too many questions at once" }, () => lookUpText(resolver(), name)),
    clear() {
      forward.clear();
      backward.clear();
      texts.clear();
    },
  };
}

/** Made, and loaded, with the first question: many servers never have one. */
function newResolver(servers: readonly string[] | undefined): DnsResolver {
  const { Resolver } = process.getBuiltinModule("node:dns/promises");
  const resolver = new Resolver({ timeout: QUESTION_MAX / 2, tries: 2 });
  if (servers !== undefined) resolver.setServers([...servers]);
  return resolver;
}

async function lookUp(resolver: DnsResolver, name: string, ipv6: boolean): Promise<NameAnswer> {
  const asked = [resolver.resolve4(name), ...(ipv6 ? [resolver.resolve6(name)] : [])].map((question) =>
    question.catch(reasonOf),
  );
  const answers = await Promise.all(asked.map((question) => inTime(question, "no answer in time")));
  const addresses = answers.flatMap((answer) => (typeof answer === "string" ? [] : answer)).slice(0, ADDRESSES_MAX);
  return {
    addresses,
    failed: addresses.length > 0 ? null : (answers.find((answer) => typeof answer === "string") ?? "no address"),
  };
}

async function lookUpText(resolver: DnsResolver, name: string): Promise<TextAnswer> {
  const answer = await inTime(resolver.resolveTxt(name).catch(reasonOf), "ETIMEOUT");
  return typeof answer === "string"
    ? { texts: [], failed: answer }
    : { texts: answer.map((parts) => parts.join("")), failed: null };
}

async function reverse(resolver: DnsResolver, ip: string): Promise<string | null> {
  const names = await inTime(
    resolver.reverse(ip).catch(() => []),
    [],
  );
  return names[0] ?? null;
}

function reasonOf(cause: unknown): string {
  return cause instanceof Error && "code" in cause ? String(cause.code) : String(cause);
}

/** The library's own limits are per try and per server; this one is for all. */
function inTime<Value>(answer: Promise<Value>, otherwise: Value): Promise<Value> {
  return new Promise((resolve) => {
    const alarm = setTimeout(resolve, QUESTION_MAX, otherwise);
    void answer.then((value) => {
      clearTimeout(alarm);
      resolve(value);
    });
  });
}

/** Answers with an age; a question under way is shared by all who ask it. */
class Kept<Value> {
  readonly #clock: Clock;
  readonly #answers = new Map<string, { readonly until: Instant; readonly value: Value }>();
  readonly #asked = new Map<string, Promise<Value>>();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  ask(key: string, otherwise: Value, question: () => Promise<Value>): Promise<Value> {
    const known = this.#answers.get(key);
    if (known !== undefined && known.until > this.#clock.now()) return Promise.resolve(known.value);
    const waiting = this.#asked.get(key);
    if (waiting !== undefined) return waiting;
    if (this.#asked.size >= ASKED_MAX) return Promise.resolve(otherwise);
    const asked = question().then((value) => {
      this.#asked.delete(key);
      this.#keep(key, value);
      return value;
    });
    this.#asked.set(key, asked);
    return asked;
  }

  clear(): void {
    this.#answers.clear();
  }

  #keep(key: string, value: Value): void {
    this.#answers.delete(key);
    this.#answers.set(key, { until: this.#clock.now() + KEPT_FOR, value });
    const [oldest] = this.#answers.keys();
    if (this.#answers.size > KEPT_MAX && oldest !== undefined) this.#answers.delete(oldest);
  }
}
