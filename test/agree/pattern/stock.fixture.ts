/**
 * The stock expressions of Debian's package with the lines of its own samples, as its own reader gives them: raw, with
 * tags replaced by the original, and each line with its date cut out (where its default detector finds one).
 */
import { execFileSync } from "node:child_process";
import { existsSync } from "node:fs";
import { join } from "node:path";

const ORACLE = process.env["FAIL2BAN_ORACLE"] ?? join(import.meta.dirname, "../../../.cache/oracle/tree");

export const NO_ORACLE = existsSync(join(ORACLE, "etc/fail2ban/filter.d")) ? false : `needs the original in ${ORACLE}`;

export interface Stock {
  readonly filter: string;
  readonly maxlines: number;
  /** As written → as the original expands it (1.0.2: with its own `<IP6>`); null where it refuses. */
  readonly expressions: readonly (readonly [raw: string, expanded: string | null])[];
  readonly texts: readonly string[];
}

const PROGRAM = `
import sys, os, json, glob, re
root = sys.argv[1]
sys.path.insert(0, root + "/usr/lib/python3/dist-packages")
from fail2ban.client.filterreader import FilterReader
from fail2ban.server.failregex import Regex
from fail2ban.server.datedetector import DateDetector
import logging; logging.disable(logging.CRITICAL)
base = root + "/etc/fail2ban"
logs = glob.glob(root + "/usr/lib/python3/dist-packages/fail2ban/tests/files/logs") + glob.glob(root + "/usr/**/tests/files/logs", recursive=True)
detector = DateDetector(); detector.addDefaultTemplate()
def cut(line):
    try: m, t = detector.matchTime(line)
    except Exception: return line
    if not m: return line
    a, b = m.span(1) if m.re.groups else m.span()
    return line[:a] + line[b:]
out = []
for path in sorted(glob.glob(base + "/filter.d/*.conf")):
    name = os.path.basename(path)[:-5]
    if name.endswith("common"): continue
    sample = os.path.join(logs[0], name) if logs else ""
    lines = open(sample, encoding="utf-8", errors="replace").read().split("\\n") if os.path.exists(sample) else []
    options = [{}, {"mode": "aggressive"}]
    for l in lines:
        m = re.match(r"#\\s*filterOptions:\\s*(.*)$", l)
        if m:
            try: o = json.loads(m.group(1))
            except Exception: continue
            options += o if isinstance(o, list) else [o]
    found, maxlines = {}, 1
    for o in options:
        o = {k: v for k, v in o.items() if not k.startswith("test.")}
        r = FilterReader(name, "j", dict(o), basedir=base); r.setBaseDir(base)
        r.read(); r.getOptions({})
        for c in r.convert():
            key, values = (c[2], c[3]) if c[0] == "multi-set" else (c[2], c[3:])
            if key == "maxlines": maxlines = int(values[0])
            if key in ("addfailregex", "addignoreregex", "prefregex"):
                for v in values: found.setdefault(v, None)
    for v in found:
        try: found[v] = Regex(v).getRegex()
        except Exception: pass
    texts = [t + "\\n" for l in lines if l and not l.startswith("#") for t in {l: 1, cut(l): 1}]
    out.append({"filter": name, "maxlines": maxlines, "expressions": list(found.items()), "texts": texts})
json.dump(out, sys.stdout)
`;

let stock: readonly Stock[] | null = null;

export function readStock(): readonly Stock[] {
  stock ??= JSON.parse(
    execFileSync("python3", ["-B", "-c", PROGRAM, ORACLE], { encoding: "utf8", maxBuffer: 1 << 28 }),
  ) as readonly Stock[];
  return stock;
}

/** The body of `<IP6>` in 1.0.2 and in the version that we follow. */
export function asNewer(expanded: string): string {
  return expanded.replaceAll("(?:[0-9a-fA-F]{1,4}::?|::){1,7}", "(?:[0-9a-fA-F]{1,4}::?|:){1,7}");
}
