/** The action `smtp.py`, natively: one mail after the other, never in the way of anything else. */
import type { Ban } from "../../base/index.ts";
import {
  type ActionSettings,
  banLetter,
  type Letter,
  readSmtp,
  type Result,
  type SmtpSettings,
  startLetter,
  stopLetter,
  type TagSource,
  words,
} from "../../core/action/index.ts";
import { type MailAccount, type Mailer, smtpMailer } from "../../io/mail/index.ts";
import { NOTHING_TO_DO, type Hand, type HandWorld } from "./world.ts";

/** Mails that may wait; further bans are not mailed, and that is said once until the line is shorter. */
const WAITING_MAX = 1000;

/** Seconds that the mail server may be silent. */
const TIMEOUT = 60;

const DONE: Result = { ok: true };

export class MailHand implements Hand {
  readonly name: string;
  readonly epoch = 0;
  readonly #world: HandWorld;
  readonly #open: (account: MailAccount) => Mailer;
  #settings: SmtpSettings;
  #mailer: Mailer;
  #last: Promise<unknown> = Promise.resolve();
  #waiting = 0;
  #refusing = false;

  /** @param settings of the action, its parameters among the properties. @throws Error with what is wrong with them */
  constructor(
    settings: ActionSettings,
    world: HandWorld,
    open: (account: MailAccount) => Mailer = (account) => smtpMailer(account, TIMEOUT),
  ) {
    this.name = settings.name;
    this.#world = world;
    this.#open = open;
    this.#settings = settingsOf(settings);
    this.#mailer = open(this.#settings);
  }

  async start(): Promise<Result> {
    const result = await this.#send(() => startLetter(this.#world.jail, this.#world.hosts.full));
    if (!result.ok) this.#world.log(words.startFailed(this.#world.jail, this.name, result.message));
    return result;
  }

  async stop(): Promise<Result> {
    const result = await this.#send(() => stopLetter(this.#world.jail, this.#world.hosts.full));
    if (!result.ok) this.#world.log(words.stopFailed(this.#world.jail, this.name, result.message));
    return result;
  }

  /** Restored bans were mailed in their time. */
  async ban(ban: Ban): Promise<Result> {
    if (ban.restored) return DONE;
    const source: TagSource = { ...this.#world.source, jail: this.#world.jail, hostOf: () => null };
    const result = await this.#send(() => banLetter(ban, this.#world.hosts.full, this.#settings.matches, source));
    if (!result.ok) this.#world.log(words.banFailed("ban", this.#world.jail, this.name, ban.who.key, result.message));
    return result;
  }

  reload(settings: ActionSettings): Promise<Result> {
    try {
      this.#settings = settingsOf(settings);
    } catch (cause) {
      return Promise.resolve({ ok: false, message: String(cause) });
    }
    this.#mailer = this.#open(this.#settings);
    return NOTHING_TO_DO;
  }

  unban(): Promise<Result> {
    return NOTHING_TO_DO;
  }

  prolong(): Promise<Result> {
    return NOTHING_TO_DO;
  }

  reban(): Promise<Result> {
    return NOTHING_TO_DO;
  }

  doubt(): Promise<Result> {
    return NOTHING_TO_DO;
  }

  check(): Promise<Result> {
    return NOTHING_TO_DO;
  }

  restore(bans: readonly Ban[]): Promise<readonly Result[]> {
    return Promise.resolve(bans.map(() => DONE));
  }

  flush(): Promise<void> {
    return Promise.resolve();
  }

  leave(): Promise<boolean> {
    return Promise.resolve(false);
  }

  async idle(): Promise<void> {
    await this.#last;
  }

  #send(write: () => Letter): Promise<Result> {
    if (this.#waiting >= WAITING_MAX) return this.#refuse();
    this.#waiting += 1;
    const sent = this.#last.then(async () => {
      const result = await this.#mailer.send(write());
      this.#waiting -= 1;
      if (this.#waiting < WAITING_MAX / 2) this.#refusing = false;
      return result;
    });
    this.#last = sent;
    return sent;
  }

  #refuse(): Promise<Result> {
    if (!this.#refusing) this.#world.log(words.tooManyWaiting(this.#world.jail, this.name, WAITING_MAX));
    this.#refusing = true;
    return Promise.resolve({ ok: false, message: "too many mails wait" });
  }
}

function settingsOf(settings: ActionSettings): SmtpSettings {
  const read = readSmtp(settings.properties);
  if (!read.ok) throw new Error(read.message);
  return read.settings;
}
