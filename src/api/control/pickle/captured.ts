/** Exchanges captured between the original's client and server (config-cli.md §5.4): what was said, and its pickle in hex without the end marker. For tests. */
import { Float, pythonRepr, Tuple, type Plain } from "../../../base/index.ts";
import { Id, Raised, Row, type Answer } from "./value.ts";

export interface Captured {
  readonly what: string;
  readonly value: Answer;
  /** The same as its reader sees it; an error is not plain data. */
  readonly plain: Plain | Raised;
  readonly hex: string;
}

const request = (words: readonly Plain[], hex: string): Captured => ({
  what: `request ${pythonRepr(words)}`,
  value: words,
  plain: words,
  hex,
});
const reply = (what: string, value: Answer, plain: Plain | Raised, hex: string): Captured => ({
  what: `reply to ${what}`,
  value: new Row(value instanceof Raised ? 1 : 0, value),
  plain,
  hex,
});
const same = (what: string, value: Plain, hex: string): Captured => reply(what, value, value, hex);
const unknownJail = new Raised("fail2ban.exceptions", "UnknownJailException", ["nope"]);
const unknownCommand = new Raised("builtins", "Exception", ["Invalid command"]);

const jailStatus = (banned: Answer): Answer => [
  new Tuple("Filter", [
    new Tuple("Currently failed", 0),
    new Tuple("Total failed", 0),
    new Tuple("File list", ["/tmp/auth.log"]),
  ]),
  new Row("Actions", [
    new Tuple("Currently banned", 1),
    new Tuple("Total banned", 1),
    new Row("Banned IP list", banned),
  ]),
];
const jailStatusRead: Plain = [
  new Tuple("Filter", [
    new Tuple("Currently failed", 0),
    new Tuple("Total failed", 0),
    new Tuple("File list", ["/tmp/auth.log"]),
  ]),
  new Tuple("Actions", [
    new Tuple("Currently banned", 1),
    new Tuple("Total banned", 1),
    new Tuple("Banned IP list", ["192.0.2.1"]),
  ]),
];

export const REQUESTS: readonly Captured[] = [
  request(["ping"], "80 05 95 0b 00 00 00 00 00 00 00 5d 94 8c 04 70 69 6e 67 94 61 2e"),
  request(
    ["ping", new Float(0.1)],
    "80 05 95 15 00 00 00 00 00 00 00 5d 94 28 8c 04 70 69 6e 67 94 47 3f b9 99 99 99 99 99 9a 65 2e",
  ),
  request(["status"], "80 05 95 0d 00 00 00 00 00 00 00 5d 94 8c 06 73 74 61 74 75 73 94 61 2e"),
  request(
    ["set", "sshd", "banip", "192.0.2.1"],
    "80 05 95 26 00 00 00 00 00 00 00 5d 94 28 8c 03 73 65 74 94 8c 04 73 73 68 64 94 8c 05 62 61 6e 69 70 94 8c 09 31 39 32 2e 30 2e 32 2e 31 94 65 2e",
  ),
  request(
    ["status", "sshd"],
    "80 05 95 15 00 00 00 00 00 00 00 5d 94 28 8c 06 73 74 61 74 75 73 94 8c 04 73 73 68 64 94 65 2e",
  ),
  request([], "80 05 5d 94 2e"),
];

export const REPLIES: readonly Captured[] = [
  same("ping", "pong", "80 05 95 0c 00 00 00 00 00 00 00 4b 00 8c 04 70 6f 6e 67 94 86 94 2e"),
  same(
    "status",
    [new Tuple("Number of jail", 1), new Tuple("Jail list", "sshd")],
    "80 05 95 33 00 00 00 00 00 00 00 4b 00 5d 94 28 8c 0e 4e 75 6d 62 65 72 20 6f 66 20 6a 61 69 6c 94 4b 01 86 94 8c 09 4a 61 69 6c 20 6c 69 73 74 94 8c 04 73 73 68 64 94 86 94 65 86 94 2e",
  ),
  same("banip", 1, "80 05 95 07 00 00 00 00 00 00 00 4b 00 4b 01 86 94 2e"),
  reply(
    "status sshd",
    jailStatus([new Id("192.0.2.1")]),
    jailStatusRead,
    "80 05 95 d6 00 00 00 00 00 00 00 4b 00 5d 94 28 8c 06 46 69 6c 74 65 72 94 5d 94 28 8c 10 43 75 72 72 65 6e 74 6c 79 20 66 61 69 6c 65 64 94 4b 00 86 94 8c 0c 54 6f 74 61 6c 20 66 61 69 6c 65 64 94 4b 00 86 94 8c 09 46 69 6c 65 20 6c 69 73 74 94 5d 94 8c 0d 2f 74 6d 70 2f 61 75 74 68 2e 6c 6f 67 94 61 86 94 65 86 94 8c 07 41 63 74 69 6f 6e 73 94 5d 94 28 8c 10 43 75 72 72 65 6e 74 6c 79 20 62 61 6e 6e 65 64 94 4b 01 86 94 8c 0c 54 6f 74 61 6c 20 62 61 6e 6e 65 64 94 4b 01 86 94 8c 0e 42 61 6e 6e 65 64 20 49 50 20 6c 69 73 74 94 5d 94 8c 08 62 75 69 6c 74 69 6e 73 94 8c 03 73 74 72 94 93 94 8c 09 31 39 32 2e 30 2e 32 2e 31 94 85 94 52 94 61 86 94 65 86 94 65 86 94 2e",
  ),
  reply(
    "status nope",
    unknownJail,
    unknownJail,
    "80 05 95 3f 00 00 00 00 00 00 00 4b 01 8c 13 66 61 69 6c 32 62 61 6e 2e 65 78 63 65 70 74 69 6f 6e 73 94 8c 14 55 6e 6b 6e 6f 77 6e 4a 61 69 6c 45 78 63 65 70 74 69 6f 6e 94 93 94 8c 04 6e 6f 70 65 94 85 94 52 94 86 94 2e",
  ),
  reply(
    "foo",
    unknownCommand,
    unknownCommand,
    "80 05 95 34 00 00 00 00 00 00 00 4b 01 8c 08 62 75 69 6c 74 69 6e 73 94 8c 09 45 78 63 65 70 74 69 6f 6e 94 93 94 8c 0f 49 6e 76 61 6c 69 64 20 63 6f 6d 6d 61 6e 64 94 85 94 52 94 86 94 2e",
  ),
  same("bantime 1w", 604800, "80 05 95 0a 00 00 00 00 00 00 00 4b 00 4a 80 3a 09 00 86 94 2e"),
  same(
    "findtime 1mo",
    new Float(2629800),
    "80 05 95 0e 00 00 00 00 00 00 00 4b 00 47 41 44 10 54 00 00 00 00 86 94 2e",
  ),
  same("logtimezone", null, "80 05 95 06 00 00 00 00 00 00 00 4b 00 4e 86 94 2e"),
  same("ignoreself", false, "80 05 95 06 00 00 00 00 00 00 00 4b 00 89 86 94 2e"),
  reply(
    "banned, two addresses (as Python 3.11 writes them)",
    [new Id("192.0.2.1"), new Id("::1")],
    ["192.0.2.1", "::1"],
    "80 05 95 38 00 00 00 00 00 00 00 4b 00 5d 94 28 8c 08 62 75 69 6c 74 69 6e 73 94 8c 03 73 74 72 94 93 94 8c 09 31 39 32 2e 30 2e 32 2e 31 94 85 94 52 94 68 03 8c 03 3a 3a 31 94 85 94 52 94 65 86 94 2e",
  ),
  same("ignoreip", [], "80 05 95 07 00 00 00 00 00 00 00 4b 00 5d 94 86 94 2e"),
];
