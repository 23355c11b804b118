/** What the project is out to reach: a floor and a goal for each question. */
import { ratio, type Row } from "../row.ts";

/** At least so many times better than the original, or at most so much. */
type Bound = { readonly times: number } | { readonly atMost: number };

interface Target {
  /** The row's question begins so. */
  readonly question: string;
  readonly must: Bound | null;
  readonly aim: Bound | null;
}

const times = (floor: number, goal: number): Pick<Target, "must" | "aim"> => ({
  must: { times: floor },
  aim: { times: goal },
});
const atMost = (floor: number, goal: number): Pick<Target, "must" | "aim"> => ({
  must: { atMost: floor },
  aim: { atMost: goal },
});

/** The longest beginning that fits counts. */
const TARGETS: readonly Target[] = [
  { question: "a growing log: auth, 90 % attack", ...times(20, 40) },
  { question: "a growing log: auth, 5 % attack", ...times(12, 25) },
  { question: "a growing log: auth, 90 % attack: peak memory", ...atMost(90, 70) },
  { question: "a growing log: auth, 5 % attack: peak memory", ...atMost(90, 70) },
  { question: "fail2ban-regex: auth", ...times(15, 30) },
  { question: "fail2ban-regex: web", ...times(20, 40) },
  { question: "fail2ban-regex: mail", ...times(20, 40) },
  ...["auth, 5 % attack", "auth, 90 % attack", "web, nginx-botsearch", "mail, postfix", "mail, dovecot"].map(
    (name) => ({
      question: `fail2ban-regex: ${name}: peak memory`,
      ...atMost(90, 70),
    }),
  ),
  { question: "from the line to the kernel, a file, stock nftables, p95", ...atMost(15, 6) },
  {
    question: "from the line to the kernel, the journal, stock nftables, beyond a bare journalctl, p95",
    must: { atMost: 10 },
    aim: null,
  },
  { question: "start with 10000 bans", ...atMost(0.7, 0.4) },
  { question: "start with 100000 bans", must: null, aim: { atMost: 1.5 } },
  { question: "ban 1000 addresses", ...atMost(0.2, 0.05) },
  { question: "stop with 10000 bans", ...atMost(0.5, 0.2) },
  { question: "idle: private and dirty memory", must: null, aim: { times: 1 } },
  { question: "fail2ban-client ping", ...atMost(53, 40) },
  { question: "the worst ", ...atMost(50, 10) },
];

export interface Judged {
  readonly must: string;
  readonly aim: string;
}

/** @returns the words for the two columns: `≥ 20 ×: met`; empty where nothing is promised. */
export function judge(row: Row): Judged {
  const [target] = TARGETS.filter(({ question }) => row.question.startsWith(question)).toSorted(
    (a, b) => b.question.length - a.question.length,
  );
  return { must: said(target?.must ?? null, row), aim: said(target?.aim ?? null, row) };
}

function said(bound: Bound | null, row: Row): string {
  if (bound === null) return "";
  if ("atMost" in bound) {
    const over = row.ours.value / bound.atMost;
    return `≤ ${bound.atMost} ${row.ours.unit}: ${over <= 1 ? "met" : `**missed**, ${over.toFixed(1)} times as much`}`;
  }
  const reached = ratio(row);
  const verdict =
    reached === null
      ? "not measured"
      : reached >= bound.times
        ? "met"
        : `**missed**, ${((reached / bound.times) * 100).toFixed(0)} % of it`;
  return `≥ ${bound.times} ×: ${verdict}`;
}
