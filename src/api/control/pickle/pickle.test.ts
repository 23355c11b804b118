import assert from "node:assert/strict";
import { describe, test } from "node:test";
import * as fc from "fast-check";
import { Float, Tuple, type Plain } from "../../../base/index.ts";
import { REPLIES, REQUESTS } from "./captured.ts";
import {
  Id,
  PICKLE_LIMITS,
  PickleError,
  Raised,
  readReply,
  readRequest,
  Row,
  writePickle,
  type Answer,
} from "./index.ts";

const bytes = (hex: string): Buffer => Buffer.from(hex.replaceAll(" ", ""), "hex");
const latin1 = (text: string): Buffer => Buffer.from(text, "latin1");
const MARKER = "<F2B_END_COMMAND>";

describe("the captured exchanges of the original", () => {
  for (const { what, value, hex } of [...REQUESTS, ...REPLIES])
    test(`${what} is written byte for byte`, () =>
      assert.equal(writePickle(value).toString("hex"), bytes(hex).toString("hex")));
  for (const { what, plain, hex } of REQUESTS)
    test(`${what} is read`, () => assert.deepEqual(readRequest(bytes(hex)), plain));
  for (const { what, plain, hex } of REPLIES)
    test(`${what} is read`, () => {
      const reply = readReply(bytes(hex));
      assert.deepEqual(reply.is === "error" ? reply.error : reply.value, plain);
    });
});

describe("what other protocols write", () => {
  const rows: readonly [what: string, pickle: string, value: Plain][] = [
    ["protocol 0 of Python 3", "(lp0\nVstatus\np1\naVsshd\np2\na.", ["status", "sshd"]],
    ["protocol 0 of Python 2", "(lp0\nS'status'\np1\naS'ss\\'hd'\np2\na.", ["status", "ss'hd"]],
    ["protocol 1", "]q\0(X\x06\0\0\0statusq\x01X\x04\0\0\0sshdq\x02e.", ["status", "sshd"]],
    ["protocol 2", "\x80\x02]q\0X\x04\0\0\0pingq\x01a.", ["ping"]],
    [
      "protocol 2 as a Go library writes it, without memo",
      "\x80\x02(X\x03\0\0\0getX\x04\0\0\0sshdX\x07\0\0\0bantimel.",
      ["get", "sshd", "bantime"],
    ],
    [
      "protocol 2 with short byte strings of Python 2",
      "\x80\x02]q\0(U\x06statusq\x01U\x04sshdq\x02e.",
      ["status", "sshd"],
    ],
    ["protocol 3 with bytes", "\x80\x03]q\0C\x04pingq\x01a.", ["ping"]],
    [
      "booleans and numbers of protocol 0",
      "(lI01\naI00\naI-5\naL123L\naF2.5\naNa.",
      [true, false, -5, 123, new Float(2.5), null],
    ],
    [
      "numbers of protocol 2",
      "\x80\x02(K\x05M\x00\x01J\xff\xff\xff\xff\x8a\x02\x00\x80\x8a\x00\x88\x89Nt.",
      new Tuple(5, 256, -1, -32768, 0, true, false, null),
    ],
    ["a dictionary", "(dVa\nI1\ns.", new Map([["a", 1]])],
    ["a dictionary from a mark", "(Va\nI1\nd.", new Map([["a", 1]])],
    ["a set, as a list", "\x80\x04\x8f\x94(K\x01K\x02\x90.", [1, 2]],
    ["a frozen set, as a list", "\x80\x04(K\x01K\x02\x91.", [1, 2]],
    ["a value taken back and one doubled", "\x80\x02I1\n0I2\n2\x86.", new Tuple(2, 2)],
    [
      "tuples of every size",
      "\x80\x02(])K\x01\x85K\x01K\x02\x86K\x01K\x02K\x03\x87(K\x01K\x02K\x03K\x04tt.",
      new Tuple([], new Tuple(), new Tuple(1), new Tuple(1, 2), new Tuple(1, 2, 3), new Tuple(1, 2, 3, 4)),
    ],
    [
      "an address as a call of the text type",
      "\x80\x04\x8c\x08builtins\x94\x8c\x03str\x94\x93\x94\x8c\x07192.0.2\x94\x85\x94R\x94.",
      "192.0.2",
    ],
    ["an address by protocol 2", "c__builtin__\nunicode\n(V192.0.2\ntR.", "192.0.2"],
    ["what stands behind the end", "\x80\x02]q\x00X\x04\x00\x00\x00pinga.junk", ["ping"]],
  ];
  for (const [what, pickle, value] of rows)
    test(`${what} is read`, () => assert.deepEqual(readRequest(latin1(pickle)), value));
});

describe("a broken pickle is refused in Python's words", () => {
  const rows: readonly [pickle: string, message: string][] = [
    ["", "Ran out of input"],
    ["garbage", "pickle data was truncated"],
    ["\x80\x02]", "Ran out of input"],
    ["\x80\x09].", "unsupported pickle protocol: 9"],
    ["\x80\x02\xff.", "invalid load key, '\\xff'."],
    ["?", "invalid load key, '?'."],
    ["\x80\x02.", "unpickling stack underflow"],
    ["\x80\x02h\x05.", "Memo value not found at index 5"],
    ["\x80\x02X\x01\0\0\0\xff.", "'utf-8' codec can't decode byte 0xff in position 0: invalid start byte"],
    ["\x80\x02X\x05\0\0\0ab.", "pickle data was truncated"],
    ["\x80\x04\x8d\xff\xff\xff\xff\xff\xff\xff\xffab.", "pickle data was truncated"],
    ["\x80\x02e.", "could not find MARK"],
  ];
  for (const [pickle, message] of rows)
    test(`${JSON.stringify(pickle)}: ${message}`, () =>
      assert.throws(() => readRequest(latin1(pickle)), new PickleError(message)));
});

describe("what would import or call is refused in a request", () => {
  const rows: readonly [what: string, pickle: string][] = [
    ["a command of the shell", "cos\nsystem\n(S'true'\ntR."],
    ["the same before the rest is even there", "cposix\nsystem\n"],
    ["a name from the stack", "\x80\x04\x8c\x05posix\x8c\x06system\x93."],
    ["an instance of protocol 0", "(S'true'\nios\nsystem\n."],
    ["an object of protocol 1", "(cos\nsystem\nS'true'\no."],
    ["an object of protocol 2", "\x80\x02cbuiltins\nobject\n)\x81."],
    ["text type with an encoding", "cbuiltins\nstr\n(Va\nVb\ntR."],
    ["a call of a text", "Vos.system\n)R."],
    ["a persistent id", "Px\n."],
    ["an extension code", "\x80\x02\x82\x01."],
  ];
  for (const [what, pickle] of rows) test(what, () => assert.throws(() => readRequest(latin1(pickle)), PickleError));

  test("a name in a reply is only named", () => {
    const reply = readReply(latin1("(I1\ncos\nsystem\n(Vtrue\ntRt."));
    assert.deepEqual(reply, { is: "error", error: new Raised("os", "system", ["true"]) });
    assert.deepEqual(readReply(latin1("(I0\n(lcos\nsystem\n(Vtrue\ntRat.")), {
      is: "value",
      value: ["os.system('true',)"],
    });
  });
});

describe("limits", () => {
  const small = { depth: 4, items: 50, characters: 100 };
  const rows: readonly [what: string, pickle: string, message: RegExp][] = [
    ["nesting", `${"(".repeat(6)}${"t".repeat(6)}.`, /nested more than 4/],
    ["a list within itself", "]q\0h\0a.", /nested|too many/],
    ["a small pickle with an enormous value", `]q\0${"q\x01](h\x01h\x01h\x01h\x01e".repeat(3)}.`, /too many values/],
    ["values on the stack", "N".repeat(60), /too many values/],
    ["marks on the stack", "(".repeat(60), /too many values/],
    [
      "a long text in many places",
      "(lp0\nV0123456789012345678901234567890123456789012345678901234567890123456789\np1\nag1\na.",
      /too much text/,
    ],
    ["a number without end", `I${"9".repeat(500)}\n.`, /could not convert/],
  ];
  for (const [what, pickle, message] of rows)
    test(`${what} is bounded`, () => assert.throws(() => readRequest(latin1(pickle), small), message));

  test("100,000 addresses in one command are no problem", () => {
    const words = [
      "set",
      "sshd",
      "banip",
      ...Array.from({ length: 100_000 }, (_, i) => `10.${i >> 16}.${(i >> 8) & 255}.${i & 255}`),
    ];
    assert.deepEqual(readRequest(writePickle(words)), words);
  });

  test("an answer nested too deep is a bug that is said", () => {
    let value: Answer = [];
    for (let i = 0; i < 100; i += 1) value = [value];
    assert.throws(() => writePickle(value), RangeError);
  });
});

describe("the end marker", () => {
  for (const text of [MARKER, `a${MARKER}b\n`, `F2B_END_COMMAND>${"x".repeat(44)}`, `\\u003c${MARKER}é€𝄞\0`])
    test(`never stands inside a payload: ${JSON.stringify(text)}`, () => {
      const pickle = writePickle(["echo", text]);
      assert.equal(pickle.includes(MARKER), false);
      assert.deepEqual(readRequest(pickle), ["echo", text]);
    });
});

describe("whatever is written is read again", () => {
  const scalar = fc.oneof(
    fc.constant(null),
    fc.boolean(),
    fc.maxSafeInteger(),
    fc.string({ unit: "binary" }),
    fc.constantFrom(MARKER, "x".repeat(300)),
    fc.double().map((value) => new Float(value)),
  );
  const value = fc.letrec<{ value: Plain }>((tie) => ({
    value: fc.oneof(
      { depthSize: "small", withCrossShrink: true },
      scalar,
      fc.array(tie("value"), { maxLength: 5 }),
      fc.array(tie("value"), { maxLength: 5 }).map((items) => new Tuple(...items)),
      fc.dictionary(fc.string(), tie("value"), { maxKeys: 4 }).map((map) => new Map(Object.entries(map))),
    ),
  })).value;

  test("plain data of any shape", () => {
    fc.assert(
      fc.property(value, (plain) => {
        const pickle = writePickle(plain);
        assert.equal(pickle.includes(MARKER), false);
        assert.deepEqual(readRequest(pickle), plain);
      }),
      { numRuns: 300, seed: 20261122 },
    );
  });

  test("integers at every border of a width", () => {
    for (const edge of [0, 255, 256, 65535, 65536, 2 ** 31 - 1, 2 ** 31, 2 ** 32, 2 ** 40, Number.MAX_SAFE_INTEGER])
      for (const number of [edge, -edge, edge + 1, -edge - 1])
        assert.equal(readRequest(writePickle(number)), number === 0 ? 0 : number);
  });

  test("lists longer than a batch, addresses and exceptions", () => {
    const ids = Array.from({ length: 2500 }, (_, i) => `id${i}`);
    assert.deepEqual(
      readReply(
        writePickle(
          new Row(
            0,
            ids.map((id) => new Id(id)),
          ),
        ),
      ),
      { is: "value", value: ids },
    );
    const error = new Raised("builtins", "SyntaxError", ["invalid syntax", new Tuple("<string>", 1, 1, "1e 3", 1, 1)]);
    assert.deepEqual(readReply(writePickle(new Row(1, error))), { is: "error", error });
  });
});

describe("fuzz", () => {
  test("damaged pickles are read or refused, and nothing else", () => {
    const seeds = [...REQUESTS, ...REPLIES].map(({ hex }) => bytes(hex));
    const damage = fc.tuple(
      fc.constantFrom(...seeds),
      fc.array(fc.tuple(fc.nat(400), fc.nat(255)), { minLength: 1, maxLength: 6 }),
    );
    fc.assert(
      fc.property(damage, ([seed, changes]) => {
        const damaged = Buffer.from(seed);
        for (const [at, byte] of changes) damaged[at % damaged.length] = byte;
        for (const read of [readRequest, readReply]) {
          try {
            read(damaged, { ...PICKLE_LIMITS, items: 1000 });
          } catch (error) {
            assert.ok(error instanceof PickleError, String(error));
          }
        }
      }),
      { numRuns: 3000, seed: 4711 },
    );
  });

  test("random bytes of opcodes are read or refused, and nothing else", () => {
    const opcodes = latin1(
      "(.012FIJKLMNPRSTUVXabcdeghijlopqrstu)GBC]}\x80\x81\x85\x86\x87\x88\x89\x8a\x8b\x8c\x8d\x8e\x8f\x90\x91\x92\x93\x94\x95\x96\0\x01\n",
    );
    fc.assert(
      fc.property(fc.array(fc.constantFrom(...opcodes), { maxLength: 40 }), (codes) => {
        try {
          readRequest(Buffer.from(codes), { ...PICKLE_LIMITS, items: 1000 });
        } catch (error) {
          assert.ok(error instanceof PickleError, String(error));
        }
      }),
      { numRuns: 3000, seed: 4712 },
    );
  });
});
