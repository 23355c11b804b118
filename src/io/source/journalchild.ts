/** One run of journalctl: its lines, and how it ended. Whoever starts it must end it. */
import { spawn, type ChildProcess } from "node:child_process";

/** Bytes of one printed entry; a longer one is left out and counted. */
const ENTRY_LIMIT = 1_048_576;
/** Characters of its complaints that are kept. */
const COMPLAINT_LIMIT = 300;

export interface ChildEvents {
  /** Whole lines, without their ends, as they came together. */
  readonly onLines: (lines: readonly string[]) => void;
  readonly onTooLong: () => void;
  /** @param reason null: it came to its end well */
  readonly onEnd: (reason: string | null) => void;
}

export class JournalChild {
  readonly #child: ChildProcess;
  readonly #events: ChildEvents;
  #begun: Buffer[] = [];
  #begunBytes = 0;
  #isSkipping = false;
  #complaint = "";
  #ended = false;

  constructor(command: string, args: readonly string[], events: ChildEvents) {
    this.#events = events;
    const env = { PATH: process.env["PATH"] ?? "/usr/bin:/bin", LC_ALL: "C", SYSTEMD_PAGER: "" };
    this.#child = spawn(command, args, { stdio: ["ignore", "pipe", "pipe"], env });
    this.#child.stdout?.on("data", (bytes: Buffer) => this.#take(bytes));
    this.#child.stderr?.on("data", (bytes: Buffer) => {
      this.#complaint = (this.#complaint + bytes.toString("utf8")).slice(-COMPLAINT_LIMIT);
    });
    this.#child.on("error", (cause) =>
      this.#end("code" in cause && cause.code === "ENOENT" ? `${command} is not installed` : cause.message),
    );
    this.#child.on("close", (code, signal) => this.#end(code === 0 ? null : this.#reason(code, signal)));
  }

  /** What is printed waits until `resume`. */
  pause(): void {
    this.#child.stdout?.pause();
  }

  resume(): void {
    this.#child.stdout?.resume();
  }

  /** Nothing is reported afterwards. */
  kill(): void {
    this.#ended = true;
    this.#child.kill("SIGTERM");
    this.#child.stdout?.destroy();
    this.#child.stderr?.destroy();
  }

  #take(bytes: Buffer): void {
    if (this.#ended) return;
    const lines: string[] = [];
    let start = 0;
    for (let end = bytes.indexOf(10); end >= 0; end = bytes.indexOf(10, start)) {
      this.#keep(bytes.subarray(start, end));
      if (!this.#isSkipping)
        lines.push(
          this.#begun.length === 1
            ? (this.#begun[0]?.toString("utf8") ?? "")
            : Buffer.concat(this.#begun).toString("utf8"),
        );
      this.#forget();
      start = end + 1;
    }
    if (start < bytes.length) this.#keep(bytes.subarray(start));
    if (lines.length > 0) this.#events.onLines(lines);
  }

  #keep(bytes: Buffer): void {
    if (this.#isSkipping) return;
    this.#begun.push(bytes);
    this.#begunBytes += bytes.length;
    if (this.#begunBytes <= ENTRY_LIMIT) return;
    this.#forget();
    this.#isSkipping = true;
    this.#events.onTooLong();
  }

  #forget(): void {
    this.#begun = [];
    this.#begunBytes = 0;
    this.#isSkipping = false;
  }

  #reason(code: number | null, signal: string | null): string {
    const said = this.#complaint.trim().replaceAll(/[\0-\x1f\x7f-\x9f]+/g, " ");
    const how = signal === null ? `exit ${code ?? "?"}` : signal;
    return said === "" ? `journalctl: ${how}` : `journalctl: ${how}: ${said}`;
  }

  #end(reason: string | null): void {
    if (this.#ended) return;
    this.#ended = true;
    this.#events.onEnd(reason);
  }
}
