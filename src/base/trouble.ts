/** The kinds of trouble that have a form of their own (the fourth, a Bug, is any other exception): see docs/ARCHITECTURE.md, Errors. */

/** Where something was written. */
export interface Place {
  readonly file: string;
  /** From 1. */
  readonly line: number;
}

/** Something wrong or doubtful in the configuration. Issues are collected, never thrown. */
export interface Issue {
  /** error: that part cannot be used; warning: surely a mistake; notice: worth knowing. */
  readonly level: "error" | "warning" | "notice";
  readonly at: Place | null;
  readonly jail?: string;
  /** What is wrong: one sentence without the place. */
  readonly message: string;
  /** What to do about it: one sentence. */
  readonly remedy?: string;
}

/** `file:line: what, and what to do`, as every program prints an issue. */
export function printIssue(issue: Issue): string {
  const place = issue.at === null ? "" : `${issue.at.file}:${issue.at.line}: `;
  const jail = issue.jail === undefined ? "" : `[${issue.jail}] `;
  return `${place}${jail}${issue.message}${issue.remedy === undefined ? "" : ` — ${issue.remedy}`}`;
}

/** Names of exceptions that fail2ban's clients know (config-cli.md §5.3). */
export type RefusalKind =
  | "Exception"
  | "IndexError"
  | "ValueError"
  | "KeyError"
  | "NameError"
  | "SyntaxError"
  | "TypeError"
  | "AttributeError"
  | "LookupError"
  | "RuntimeError"
  | "FileNotFoundError"
  | "IsADirectoryError"
  | "UnknownJailException"
  | "DuplicateJailException"
  | "RegexException";

/** A command that cannot be done, in the words that fail2ban uses. Thrown by commands, answered by the control socket. */
export class Refusal extends Error {
  readonly kind: RefusalKind;
  /** What travels to the client as the exception's arguments; mostly just the message. */
  readonly args: readonly (string | number)[];

  constructor(kind: RefusalKind, message: string, args: readonly (string | number)[] = [message]) {
    super(message);
    this.name = "Refusal";
    this.kind = kind;
    this.args = args;
  }
}
