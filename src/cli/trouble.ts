/** What the client says when something did not work: exceptions of the server, and servers that cannot be reached (config-cli.md §6.1). */
import { pythonRepr, Tuple, type Plain } from "../base/index.ts";
import { plainText, shownArgs, type LinkError, type Raised } from "../api/control/index.ts";

/** `NOK: (…)`, as the log has it: the exception's arguments. */
export function refusalLine(error: Raised): string {
  return `NOK: ${pythonRepr(new Tuple(...shownArgs(error)))}`;
}

/** What is printed instead of an answer. */
export function refusalText(error: Raised): string {
  return (TEXTS[error.name] ?? (() => textOf(shownArgs(error))))(error.args);
}

const TEXTS: Readonly<Record<string, (args: readonly Plain[]) => string>> = {
  UnknownJailException: ([jail = null]) => `Sorry but the jail '${plainText(jail)}' does not exist`,
  DuplicateJailException: ([jail = null]) => `The jail '${plainText(jail)}' already exists`,
  IndexError: () => "Sorry but the command is invalid",
  KeyError: (args) => (args.length === 1 ? pythonRepr(args[0] ?? null) : textOf(args)),
  SyntaxError: ([message = null, place]) => {
    const [file, line] = place instanceof Tuple ? place.items : [];
    return file === undefined
      ? plainText(message)
      : `${plainText(message)} (${plainText(file).replace(/^.*\//, "")}, line ${plainText(line ?? null)})`;
  },
  FileNotFoundError: systemError,
  IsADirectoryError: systemError,
  PermissionError: systemError,
  OSError: systemError,
};

function systemError([number = null, message = null, path]: readonly Plain[]): string {
  return path === undefined && message === null
    ? plainText(number)
    : `[Errno ${plainText(number)}] ${plainText(message)}${path === undefined ? "" : `: ${pythonRepr(path)}`}`;
}

/** As Python's `str` of an exception. */
function textOf(args: readonly Plain[]): string {
  return args.length === 0 ? "" : args.length === 1 ? plainText(args[0] ?? null) : pythonRepr(new Tuple(...args));
}

/** What is said of a server that cannot be reached. */
export function connectionText(error: LinkError, path: string, command: string): string {
  if (error.code === "ENOENT") return `Failed to access socket path: ${path}. Is fail2ban running?`;
  if (error.code === "EACCES" || error.code === "EPERM")
    return `Permission denied to socket: ${path}, (you must be root)`;
  const system = SYSTEM[error.code];
  const text = system === undefined ? error.message : `[Errno ${system[0]}] ${system[1]}`;
  return command === "ping" ? text : `[${text}] Unable to contact server. Is it running?`;
}

const SYSTEM: Readonly<Record<string, readonly [number: number, text: string]>> = {
  ECONNREFUSED: [111, "Connection refused"],
  ECONNRESET: [104, "Connection reset by peer"],
  EPIPE: [32, "Broken pipe"],
  EAGAIN: [11, "Resource temporarily unavailable"],
  ENOTSOCK: [88, "Socket operation on non-socket"],
};
