import type { ReadOnlySocket, Reading } from "../io/config/index.ts";

/** What a server is started with: the command line's words, for `runServer`. */
export interface ServerOptions extends Startup {
  /** To standard output and standard error, at once: Node's own streams take a tenth of a megabyte. */
  readonly out: (text: string) => void;
  readonly err: (text: string) => void;
  /** Reads the configuration as it is now: what reads is not kept by a server, but for this. */
  readonly read: () => Reading;
}

/** The part of it that is plain values: one script of a package hands it to another. */
export interface Startup {
  /** Folder of the configuration. */
  readonly conf: string;
  readonly socket: string;
  readonly pidfile: string;
  /** How the log begins, until the configuration is in force. */
  readonly early: Logging;
  /** What the command line says of the log, which wins over the configuration. */
  readonly overrides: Partial<Logging>;
  readonly pname: string;
  readonly verbosity: number;
  /** Removes a socket file that is in the way. */
  readonly force: boolean;
  /** Decides, counts and remembers, and runs no action: for those who are not root. */
  readonly watchOnly: boolean;
  /** Prints what it watches and how it enforces. */
  readonly announce: boolean;
  /** null: there is no second one. */
  readonly readOnly: ReadOnlySocket | null;
}

export interface Logging {
  readonly loglevel: string;
  readonly logtarget: string;
  readonly syslogsocket: string;
}
