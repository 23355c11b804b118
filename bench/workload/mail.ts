/** What stands in a mail.log: postfix and dovecot, attacked and at work. */
import { processOf } from "./auth.ts";
import { type Chance, type Scene } from "./chance.ts";

const OWN = ["anna", "benno", "clara", "dora", "emil"];
const GUESSED = ["admin", "info", "sales", "test", "office", "scanner", "webmaster"];

function client(chance: Chance): string {
  const name = chance.is(0.6) ? "unknown" : `host-${chance.below(9999)}.example.net`;
  return `${name}[${chance.attacker()}]`;
}

function sasl(chance: Chance): readonly string[] {
  const [tag, from] = [`postfix/smtpd[${processOf(chance)}]: `, client(chance)];
  return [
    `${tag}connect from ${from}`,
    `${tag}warning: ${from}: SASL LOGIN authentication failed: ${chance.is(0.5) ? "UGFzc3dvcmQ6" : "authentication failure"}`,
    `${tag}disconnect from ${from} ehlo=1 auth=0/1 quit=1 commands=2/3`,
  ];
}

function refused(chance: Chance): readonly string[] {
  const [from, sender, number] = [client(chance), `spam${chance.below(999)}@example.net`, chance.below(999)];
  const [code, to, why] = chance.is(0.66)
    ? ["554 5.7.1", `who${number}@example.org`, "Relay access denied"]
    : ["550 5.1.1", `none${number}@example.com`, "Recipient address rejected: User unknown in local recipient table"];
  return [
    `postfix/smtpd[${processOf(chance)}]: NOQUEUE: reject: RCPT from ${from}: ${code} <${to}>: ${why}; from=<${sender}> to=<${to}> proto=ESMTP helo=<mail>`,
  ];
}

function imapGuess(chance: Chance): readonly string[] {
  const user = `${chance.one(GUESSED)}@example.com`;
  return [
    `dovecot: imap-login: Disconnected (auth failed, ${1 + chance.below(5)} attempts in ${chance.below(20)} secs): user=<${user}>, method=PLAIN, rip=${chance.attacker()}, lip=10.0.0.2, TLS, session=<${chance.letters(16)}>`,
  ];
}

function popGuess(chance: Chance): readonly string[] {
  const [who, user] = [chance.attacker(), chance.one(GUESSED)];
  return [
    `auth: pam_unix(dovecot:auth): authentication failure; logname= uid=0 euid=0 tty=dovecot ruser=${user} rhost=${who}`,
    `dovecot: pop3-login: Aborted login (auth failed, 1 attempts in 2 secs): user=<${user}>, method=LOGIN, rip=${who}, lip=10.0.0.2, session=<${chance.letters(16)}>`,
  ];
}

export const mailAttacks: readonly Scene[] = [
  { weight: 4, lines: sasl },
  { weight: 3, lines: refused },
  { weight: 2, lines: imapGuess },
  { weight: 1, lines: popGuess },
];

function delivered(chance: Chance): readonly string[] {
  const [number, queue, from] = [
    processOf(chance),
    chance.letters(10, "0123456789ABCDEF"),
    `mx${chance.below(999)}.example.net[${chance.friend()}]`,
  ];
  const [user, id] = [`${chance.one(OWN)}@example.com`, `<${chance.letters(20)}@mx.example.net>`];
  const smtpd = `postfix/smtpd[${number}]: `;
  return [
    `${smtpd}connect from ${from}`,
    `${smtpd}${queue}: client=${from}`,
    `postfix/cleanup[${number + 1}]: ${queue}: message-id=${id}`,
    `postfix/qmgr[1201]: ${queue}: from=<news${chance.below(99)}@example.net>, size=${1000 + chance.below(90_000)}, nrcpt=1 (queue active)`,
    `${smtpd}disconnect from ${from} ehlo=2 starttls=1 mail=1 rcpt=1 data=1 quit=1 commands=7`,
    `dovecot: lmtp(${user})<${number}><${chance.letters(16)}>: msgid=${id}: saved mail to INBOX`,
    `postfix/lmtp[${number + 2}]: ${queue}: to=<${user}>, relay=mail.example.com[private/dovecot-lmtp], delay=0.4, delays=0.1/0.01/0.02/0.1, dsn=2.0.0, status=sent (250 2.0.0 <${user}> Saved)`,
    `postfix/qmgr[1201]: ${queue}: removed`,
  ];
}

function readMail(chance: Chance): readonly string[] {
  const [number, session, user] = [processOf(chance), chance.letters(16), `${chance.one(OWN)}@example.com`];
  return [
    `dovecot: imap-login: Login: user=<${user}>, method=PLAIN, rip=${chance.friend()}, lip=10.0.0.2, mpid=${number}, TLS, session=<${session}>`,
    `dovecot: imap(${user})<${number}><${session}>: Disconnected: Logged out in=${chance.below(9999)} out=${chance.below(99_999)} deleted=0 expunged=0 trashed=0 hdr_count=3 hdr_bytes=711 body_count=0 body_bytes=0`,
  ];
}

export const mailEveryday: readonly Scene[] = [
  { weight: 45, lines: delivered },
  { weight: 40, lines: readMail },
  {
    weight: 15,
    lines: (chance) => [
      `postfix/anvil[${processOf(chance)}]: statistics: max connection rate 1/60s for (smtp:${chance.friend()}) at the last minute`,
    ],
  },
];
