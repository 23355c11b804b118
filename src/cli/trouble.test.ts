import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { Tuple } from "../base/index.ts";
import { LinkError, Raised } from "../api/control/index.ts";
import { connectionText, refusalLine, refusalText } from "./trouble.ts";

describe("exceptions of the server", () => {
  const rows: readonly [error: Raised, text: string, line: string][] = [
    [
      new Raised("fail2ban.exceptions", "UnknownJailException", ["x"]),
      "Sorry but the jail 'x' does not exist",
      "NOK: ('x',)",
    ],
    [new Raised("fail2ban.exceptions", "DuplicateJailException", ["x"]), "The jail 'x' already exists", "NOK: ('x',)"],
    [
      new Raised("builtins", "IndexError", ["list index out of range"]),
      "Sorry but the command is invalid",
      "NOK: ('list index out of range',)",
    ],
    [
      new Raised("builtins", "KeyError", ["Invalid Action name: x"]),
      "'Invalid Action name: x'",
      "NOK: ('Invalid Action name: x',)",
    ],
    [
      new Raised("builtins", "FileNotFoundError", [2, "No such file or directory", "/x"]),
      "[Errno 2] No such file or directory: '/x'",
      "NOK: (2, 'No such file or directory')",
    ],
    [
      new Raised("builtins", "SyntaxError", ["invalid syntax", new Tuple("/a/<string>", 1, 1, "1x", 1, 1)]),
      "invalid syntax (<string>, line 1)",
      "NOK: ('invalid syntax', ('/a/<string>', 1, 1, '1x', 1, 1))",
    ],
    [
      new Raised("json.decoder", "JSONDecodeError", ["Expecting value", '{"a":', 5]),
      "Expecting value: line 1 column 6 (char 5)",
      "NOK: ('Expecting value: line 1 column 6 (char 5)',)",
    ],
    [new Raised("builtins", "ValueError", []), "", "NOK: ()"],
    [new Raised("builtins", "ValueError", ["a", 1]), "('a', 1)", "NOK: ('a', 1)"],
    [new Raised("unheard.of", "Thing", ["x\ny"]), "x\ny", "NOK: ('x\\ny',)"],
  ];
  for (const [error, text, line] of rows)
    test(`${error.name} is told as: ${text}`, () => {
      assert.equal(refusalText(error), text);
      assert.equal(refusalLine(error), line);
    });
});

describe("a server that cannot be reached", () => {
  const rows: readonly [code: string, command: string, text: string][] = [
    ["ENOENT", "ping", "Failed to access socket path: /s. Is fail2ban running?"],
    ["EACCES", "status", "Permission denied to socket: /s, (you must be root)"],
    ["ECONNREFUSED", "ping", "[Errno 111] Connection refused"],
    ["ECONNREFUSED", "status", "[[Errno 111] Connection refused] Unable to contact server. Is it running?"],
    ["TIMEOUT", "ping", "timed out"],
  ];
  for (const [code, command, text] of rows)
    test(`${code}, ${command}: ${text}`, () =>
      assert.equal(connectionText(new LinkError(code, "timed out"), "/s", command), text));
});
