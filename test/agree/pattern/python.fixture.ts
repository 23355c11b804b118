/** Python's own `re` as a long-lived child: expressions and texts go in, spans of all groups come out. */
import { spawn, spawnSync, type ChildProcess } from "node:child_process";
import { createInterface, type Interface } from "node:readline";

export interface Question {
  readonly pattern: string;
  readonly texts: readonly string[];
  readonly multiline?: boolean;
}

/** Spans of all groups in UTF-16 offsets (group 0 first), null for no match; or Python's error. */
export type Answer =
  | { readonly error: string }
  | { readonly names: Readonly<Record<string, number>>; readonly found: readonly (readonly Span[] | null)[] };
export type Span = readonly [number, number] | null;

const PROGRAM = `
import sys, json, re, warnings, signal
warnings.simplefilter("ignore")
sys.setrecursionlimit(5000)
def late(*_): raise TimeoutError()
signal.signal(signal.SIGALRM, late)
def spans(m, text, wide):
    if m is None: return None
    out = []
    for g in range(m.re.groups + 1):
        a, b = m.span(g)
        if a < 0: out.append(None)
        elif wide: out.append([len(text[:a].encode("utf-16-le", "surrogatepass")) // 2, len(text[:b].encode("utf-16-le", "surrogatepass")) // 2])
        else: out.append([a, b])
    return out
for line in sys.stdin:
    q = json.loads(line)
    try:
        r = re.compile(q["pattern"], re.MULTILINE if q.get("multiline") else 0)
        found = []
        for t in q["texts"]:
            signal.setitimer(signal.ITIMER_REAL, 2)
            try: found.append(spans(r.search(t), t, any(ord(c) > 0xffff for c in t)))
            finally: signal.setitimer(signal.ITIMER_REAL, 0)
        a = {"names": r.groupindex.copy(), "found": found}
    except TimeoutError: a = {"error": "too slow"}
    except Exception as e: a = {"error": str(e)}
    sys.stdout.write(json.dumps(a) + "\\n")
    sys.stdout.flush()
`;

/** Python's version as a number (3.11.7 → 31107); 0 where there is none. */
export function pythonVersion(): number {
  const result = spawnSync("python3", ["-c", "import sys; print('%d%02d%02d' % sys.version_info[:3])"], {
    encoding: "utf8",
  });
  return result.status === 0 ? Number(result.stdout) : 0;
}

/** From 3.11 on Python has atomic groups and refuses flags in the middle; before 3.11.5 possessive groups were broken there. */
export const PYTHON_WANTED = 31105;

export class Python {
  readonly #child: ChildProcess;
  readonly #lines: Interface;
  readonly #waiting: ((answer: Answer) => void)[] = [];

  constructor() {
    this.#child = spawn("python3", ["-c", PROGRAM], { stdio: ["pipe", "pipe", "inherit"] });
    this.#lines = createInterface({ input: this.#child.stdout ?? process.stdin });
    this.#lines.on("line", (line) => this.#waiting.shift()?.(JSON.parse(line) as Answer));
  }

  ask(question: Question): Promise<Answer> {
    return new Promise((resolve) => {
      this.#waiting.push(resolve);
      this.#child.stdin?.write(`${JSON.stringify(question)}\n`);
    });
  }

  end(): void {
    this.#lines.close();
    this.#child.kill();
  }
}
