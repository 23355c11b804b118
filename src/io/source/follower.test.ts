/** Files, in both ways of noticing that they changed: the suite of all sources. */
import { appendFileSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { followFile, openFollower } from "./bench.ts";
import type { Mode } from "./request.ts";
import { sourceSuite, type Bench } from "./suite.ts";

for (const mode of ["pyinotify", "polling", "auto"] as const) sourceSuite(`files (${mode})`, () => fileBench(mode));

function fileBench(mode: Mode): Bench {
  const folder = mkdtempSync(join(tmpdir(), "source-"));
  const path = join(folder, "auth.log");
  writeFileSync(path, "");
  const follower = openFollower(mode === "pyinotify" ? "never" : "quickly");
  return {
    write: (...texts) => appendFileSync(path, texts.map((text) => `${text}\n`).join("")),
    follow: (mark = null) => followFile(follower, path, { mode, mark }),
    close: () => {
      follower.close();
      rmSync(folder, { recursive: true });
    },
  };
}
