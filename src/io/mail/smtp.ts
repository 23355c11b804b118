/**
 * Sends a mail by SMTP. Text only, to fixed recipients: reads no files and no addresses of the web, whatever a mail says.
 */
import type { Transporter } from "nodemailer";
import type { Span } from "../../base/index.ts";

/** Characters of a mail's text; what is beyond is cut off, and the mail says so. */
export const MAIL_MAX = 262_144;

/** Milliseconds to connect, and to be greeted. */
const CONNECT_MAX = 10_000;

export interface MailAccount {
  readonly host: string;
  readonly port: number;
  /** STARTTLS must succeed; else the connection stays plain, as to a mail server on this machine. */
  readonly tls: boolean;
  readonly user: string | null;
  readonly password: string | null;
  readonly senderName: string;
  readonly sender: string;
  readonly to: readonly string[];
}

export interface Mail {
  readonly subject: string;
  readonly text: string;
}

export type Sent = { readonly ok: true } | { readonly ok: false; readonly message: string };

export interface Mailer {
  send(mail: Mail): Promise<Sent>;
}

/** @param timeout seconds that the server may be silent */
export function smtpMailer(account: MailAccount, timeout: Span): Mailer {
  let transport: Promise<Transporter> | undefined;
  return {
    async send(mail) {
      try {
        transport ??= transportTo(account, timeout);
        await (
          await transport
        ).sendMail({
          from: { name: account.senderName, address: account.sender },
          to: [...account.to],
          subject: oneLine(mail.subject),
          text: bounded(mail.text),
        });
        return { ok: true };
      } catch (cause) {
        return { ok: false, message: cause instanceof Error ? cause.message : String(cause) };
      }
    },
  };
}

/** Loads the library with the first mail: it and the parts of Node that it wants are megabytes, and few servers send mail. */
async function transportTo(account: MailAccount, timeout: Span): Promise<Transporter> {
  const { createTransport } = await import("nodemailer");
  return createTransport({
    host: account.host,
    port: account.port,
    secure: false,
    requireTLS: account.tls,
    ignoreTLS: !account.tls,
    connectionTimeout: CONNECT_MAX,
    greetingTimeout: CONNECT_MAX,
    socketTimeout: timeout * 1000,
    disableFileAccess: true,
    disableUrlAccess: true,
    ...(account.user === null ? {} : { auth: { user: account.user, pass: account.password ?? "" } }),
  });
}

function oneLine(text: string): string {
  return text.replaceAll(/\p{Cc}+/gu, " ");
}

/** Log lines may hold what a terminal obeys: control characters are taken out but for line feed and tab. */
function bounded(text: string): string {
  const shown = text.replaceAll(/[^\P{Cc}\n\t]/gu, "?");
  return shown.length > MAIL_MAX ? `${shown.slice(0, MAIL_MAX)}\n… (cut at ${MAIL_MAX} characters)\n` : shown;
}
