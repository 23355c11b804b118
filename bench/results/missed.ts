/** Why goals are missed, and what was tried: what stands beside a missed aim on the page. A table; it decides nothing. */

interface Reason {
  /** The row's question begins so. */
  readonly question: string;
  readonly why: string;
  readonly tried: string;
}

const PASSED =
  "nearly every line is passed over where it stands; what is left is one search for the rules' literals over each chunk (at about 1 GB/s a fifth of the time), the date of each line, the kernel's copy of the file, and the first 0.2 s, in which V8 compiles what is run";
const FIRST =
  "Node and the compiled rules have 68 MB resident with the first line, 47 of them pages of Node's own file; V8's compilers take up to 10 more";
const FRUGAL =
  "marking at once, no pool of pages, a collection when the heap has grown by 8 MB (decision 022); letting go of mapped pages would take 10 ms of each run";

/** The first that fits counts. */
const REASONS: readonly Reason[] = [
  {
    question: "a growing log: auth, 90 % attack: peak memory",
    why: "27 MB are pages of Node's own file, 14 the C library's (compilers, SQLite, columns), 44 V8's heap, of which the lines and fields of 14,000 offenders are 10",
    tried:
      "2 to 16 MiB for young objects, V8's growth between 10 and 150 %, marking at once, collecting when the heap has grown by 5 MB, letting go of mapped pages, a smaller cache for SQLite (decisions 017, 022): 125 → 79 MB, and 8 more for a fourteenth more lines a second",
  },
  {
    question: "a growing log: auth, 5 % attack: peak memory",
    why: "it is the start's: 47 MB of Node's own file are mapped when the rules have been compiled; at work it is less",
    tried: "as with 90 % attack: 116 → 75 MB",
  },
  {
    question: "a growing log: auth, 90 % attack",
    why: "the time is spread: two expressions a line are a fifth (of it V8's making of their results a quarter), the collector, sessions and the log a tenth each, counting, the database and addresses together a fifth",
    tried:
      "less that is made for a line (2.4 KB), captures by number, tables of our own, the log's lines encoded together, 8 MiB for young objects, bans written by offender, other settings of V8's compilers and collector (decisions 017, 022): 11.5 → 19 to 21 ×, as the machine goes",
  },
  { question: "a growing log: auth, 5 % attack", why: PASSED, tried: "decisions 018 and 021: 12.4 → 14 ×" },
  ...["auth, 5 % attack", "auth, 90 % attack", "web, nginx-botsearch", "mail, postfix", "mail, dovecot"].map((log) => ({
    question: `fail2ban-regex: ${log}: peak memory`,
    why: FIRST,
    tried: FRUGAL,
  })),
  {
    question: "fail2ban-regex: auth, 90 % attack",
    why: "a third of the time is in V8's execution of two expressions a line and the making of its results; sessions are a tenth, the rest is spread",
    tried: "fewer captures, no copies, one look-up of a session, no promises for each piece (decision 022): 10 → 17 ×",
  },
  { question: "fail2ban-regex: auth, 5 % attack", why: PASSED, tried: "decisions 018 and 021: 15 → 21 ×" },
  {
    question: "fail2ban-regex: ",
    why: `a million lines take half a second, of which 60 ms are Node's start and the rules; else ${PASSED}`,
    tried:
      "literals joined in one search, lines passed over (021), dates compared instead of parsed, code made at the build (016): web 13 → 27 ×, dovecot 15 → 23 ×, postfix 5 → 20 ×",
  },
  {
    question: "from the line to the kernel, a file, stock nftables, p95",
    why: "the median is 3.6 to 3.8 ms; on two cores the slowest twentieth waits for a processor: runs gave 5.4 to 7.6 ms, 15.5 beside other work",
    tried: "one nft that stands ready (decision 020): 13 → 7 ms",
  },
  {
    question: "ban 1000 addresses",
    why: "30 ms are the client, of which a bare Node is 22, 10 are nft's; the rest, the server's own part, was not taken apart",
    tried: "one transaction and one command for all (decision 020)",
  },
  {
    question: "start with 10000 bans",
    why: "0.13 s are a start without bans, 0.05 nft's for 10,000 elements; the rest, reading the rows and making bans of them, was not taken apart",
    tried: "one transaction for all, rows in pages",
  },
  {
    question: "start with 100000 bans",
    why: "nft takes 0.6 s for 100,000 elements; by profile a quarter of the rest is the collector's, a fifth reading the rows, a sixth making bans of them",
    tried: "one transaction for all, rows in pages, bans packed flat",
  },
  {
    question: "the worst ",
    why: "V8's linear engine needs up to 20 ms for a rule or a date's template that has to look at all of the 64 KiB",
    tried: "the linear form of every rule that has one, literals first, a stand-in for dates' text (decision 018)",
  },
];

/** @returns what to say of a missed aim; null: nothing is known */
export function reasonOf(question: string): string | null {
  const reason = REASONS.find((one) => question.startsWith(one.question));
  return reason === undefined ? null : `why: ${reason.why}. Tried: ${reason.tried}.`;
}
