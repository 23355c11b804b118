/**
 * The program node as a package carries it: without the names of its functions, and without the watch that a library in it keeps on its locks.
 *
 * Abseil, in the Node that npm has, was built as for its own developers: from the first lock on it remembers who waits for whom, to end a
 * process that has locked itself out. That is a table of a megabyte, written to at once, and 3 of the 23 ms in which Node starts. A variable says
 * whether (absl/synchronization: OnDeadlockCycle, 0 is kIgnore, as in a release); nothing outside can set it before it is used
 * (docs/decisions/015-memory.md).
 */
import { spawnSync } from "node:child_process";
import { copyFileSync, readFileSync, writeFileSync } from "node:fs";

/** What the variable is called, somewhere in the name that the compiler has made of it. */
const WATCH = "synch_deadlock_detection";
const IGNORE = 0;
const ABORT = 2;

/** Copies it and makes it small. @param strips programs that may know its architecture, the first that does is taken @returns what could not be done */
export function putNode(from: string, to: string, strips: readonly string[]): readonly string[] {
  const complaints: string[] = [];
  const program = readFileSync(from);
  const at = placeOf(program, WATCH);
  if (at !== null && program.readInt32LE(at) === ABORT) {
    program.writeInt32LE(IGNORE, at);
    copyFileSync(from, to); // for its rights
    writeFileSync(to, program);
  } else {
    complaints.push(
      "Node watches its locks, which takes a megabyte: it has no variable for that where this looks for it",
    );
    copyFileSync(from, to);
  }
  if (!strips.some((strip) => spawnSync(strip, [to], { stdio: "ignore" }).status === 0))
    complaints.push(
      `not stripped, so the package is larger: none of ${strips.join(", ")} is here (apt-get install binutils)`,
    );
  return complaints;
}

/** Of a table of symbols, in the header of its section. */
const SYMTAB = 2;

/** @param program an ELF file of 64 bits, little-endian @returns where the value of a variable of 4 bytes stands in the file; null: it has none, or several */
export function placeOf(program: Buffer, name: string): number | null {
  const sections = sectionsOf(program);
  const symbols = sections.find(({ type }) => type === SYMTAB);
  const names = symbols === undefined ? undefined : sections[symbols.link];
  if (symbols === undefined || names === undefined) return null;
  const text = program.subarray(names.offset, names.offset + names.size);
  const places: number[] = [];
  for (let at = symbols.offset; at < symbols.offset + symbols.size; at += 24) {
    if (program.readBigUInt64LE(at + 16) !== 4n) continue;
    const start = program.readUInt32LE(at);
    if (!text.toString("latin1", start, text.indexOf(0, start)).includes(name)) continue;
    const home = sections[program.readUInt16LE(at + 6)];
    if (home !== undefined) places.push(Number(program.readBigUInt64LE(at + 8)) - home.address + home.offset);
  }
  const [place = null] = places;
  return places.length === 1 ? place : null;
}

interface Section {
  readonly type: number;
  readonly address: number;
  readonly offset: number;
  readonly size: number;
  /** Number of another section. */
  readonly link: number;
}

function sectionsOf(program: Buffer): readonly Section[] {
  const isElf = program.toString("latin1", 0, 6) === "\x7fELF\x02\x01";
  if (!isElf) return [];
  const table = Number(program.readBigUInt64LE(0x28));
  const [length, count] = [program.readUInt16LE(0x3a), program.readUInt16LE(0x3c)];
  return Array.from({ length: count }, (_, number) => {
    const at = table + number * length;
    const long = (offset: number): number => Number(program.readBigUInt64LE(at + offset));
    return {
      type: program.readUInt32LE(at + 4),
      address: long(0x10),
      offset: long(0x18),
      size: long(0x20),
      link: program.readUInt32LE(at + 0x28),
    };
  });
}
