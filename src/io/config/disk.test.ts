import assert from "node:assert/strict";
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { disk } from "./disk.ts";
import { FILE_BYTES } from "./limits.ts";

const folder = mkdtempSync(join(tmpdir(), "fail2ban-disk-"));
after(() => rmSync(folder, { recursive: true, force: true }));

const path = (name: string): string => join(folder, name);
writeFileSync(path("file"), "text");
mkdirSync(path("directory"));
symlinkSync("file", path("link"));
symlinkSync("nowhere", path("dangling"));
symlinkSync("circle", path("circle"));
writeFileSync(path("large"), "");

test("a path is a file, a directory, a link to nothing, or missing", () => {
  const kinds = ["file", "link", "directory", "dangling", "circle", "nothing", "file/below"].map((name) =>
    disk.kind(path(name)),
  );
  assert.deepEqual(kinds, ["file", "file", "directory", "dangling", "dangling", "missing", "missing"]);
  assert.equal(disk.kind("/dev/null"), "other");
});

test("what cannot be read says why", () => {
  const reasons = ["nothing", "dangling", "directory"].map((name) => {
    const read = disk.read(path(name));
    return read.ok ? "read" : read.reason;
  });
  assert.deepEqual(reasons, ["missing", "missing", "not a file"]);
  const device = disk.read("/dev/zero");
  assert.deepEqual(device, { ok: false, reason: "not a file" });
  const file = disk.read(path("file"));
  assert.ok(file.ok);
  assert.equal(file.text, "text");
});

test("a file over the limit is refused unread", () => {
  writeFileSync(path("large"), Buffer.alloc(FILE_BYTES + 1));
  assert.deepEqual(disk.read(path("large")), { ok: false, reason: "too large" });
});

test("what is no directory has no names", () => {
  assert.deepEqual([disk.list(path("file")), disk.list(path("nothing"))], [[], []]);
  assert.equal(disk.list(folder).length, 6);
});

test("what is not UTF-8 is told with its line; the character that stands for such bytes may be written", () => {
  const read = (bytes: Buffer | string): ReturnType<typeof disk.read> => {
    writeFileSync(path("file"), bytes);
    return disk.read(path("file"));
  };
  assert.deepEqual(read("\ufeffa\n\ufffd é\n"), { ok: true, text: "\ufeffa\n\ufffd é\n" });
  const wrong = Buffer.concat([Buffer.from("a\nb \ufffd "), Buffer.from([0xe9, 0x0a, 0xff])]);
  assert.deepEqual(read(wrong), { ok: false, reason: "not text", line: 2, byte: 0xe9 });
});
