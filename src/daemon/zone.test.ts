import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { test } from "node:test";
import { machineZone, zoneNamed } from "./zone.ts";

const zurich = zoneNamed("Europe/Zurich");

const READ: readonly [
  zone: string,
  wall: readonly [number, number, number, number, number, number],
  at: number,
  why: string,
][] = [
  ["Europe/Zurich", [2005, 1, 23, 21, 59, 59], 1106513999, "winter"],
  ["Europe/Zurich", [2005, 6, 15, 12, 0, 0], 1118829600, "summer"],
  ["Europe/Zurich", [2005, 3, 27, 1, 59, 59], 1111885199, "the second before the spring jump"],
  ["Europe/Zurich", [2005, 3, 27, 2, 30, 0], 1111887000, "an hour that does not exist is read with the offset before"],
  ["Europe/Zurich", [2005, 3, 27, 3, 0, 0], 1111885200, "the second after the spring jump"],
  ["Europe/Zurich", [2005, 10, 30, 2, 30, 0], 1130632200, "a double hour is the first"],
  ["Europe/Zurich", [2005, 10, 30, 3, 0, 0], 1130637600, "the double hour is over"],
  ["UTC", [2005, 1, 23, 21, 59, 59], 1106517599, "UTC"],
  ["Australia/Lord_Howe", [2024, 4, 7, 1, 45, 0], 1712414700, "half an hour twice"],
  ["America/St_Johns", [2024, 7, 1, 0, 0, 0], 1719801000, "an offset of half an hour"],
  ["Asia/Kathmandu", [2024, 7, 1, 0, 0, 0], 1719771300, "an offset of three quarters"],
];

test("a wall clock is read by the rules of its zone", () => {
  for (const [zone, wall, at, why] of READ) assert.equal(zoneNamed(zone).toInstant(...wall), at, `${zone}: ${why}`);
});

test("what a zone remembers never changes its answers", () => {
  const walls: [number, number, number, number, number, number][] = [];
  for (let minute = 0; minute < 240; minute += 7) {
    walls.push(
      [2005, 3, 27, Math.floor(minute / 60), minute % 60, 1],
      [2005, 10, 30, Math.floor(minute / 60), minute % 60, 1],
    );
  }
  for (const wall of walls)
    assert.equal(zurich.toInstant(...wall), zoneNamed("Europe/Zurich").toInstant(...wall), String(wall));
});

test("an instant is shown as its zone's wall clock, fractions cut", () => {
  assert.deepEqual(zurich.toLocal(1124013600.75), { year: 2005, month: 8, day: 14, hour: 12, minute: 0, second: 0 });
  assert.deepEqual(zurich.toLocal(1111885199), { year: 2005, month: 3, day: 27, hour: 1, minute: 59, second: 59 });
  assert.deepEqual(zurich.toLocal(1111885200), { year: 2005, month: 3, day: 27, hour: 3, minute: 0, second: 0 });
});

test("years before 100 are themselves", () => {
  assert.equal(zoneNamed("UTC").toInstant(99, 1, 1, 0, 0, 0), -59042995200);
});

test("the machine's zone follows TZ, as the named one does", () => {
  const script = `import { machineZone } from ${JSON.stringify(new URL("zone.ts", import.meta.url).href)};
    const zone = machineZone();
    console.log(zone.toInstant(2005, 10, 30, 2, 30, 0), zone.toInstant(2005, 3, 27, 2, 30, 0), zone.toLocal(1111885200).hour);`;
  const { stdout } = spawnSync(process.execPath, ["--input-type=module-typescript", "-e", script], {
    env: { ...process.env, TZ: "Europe/Zurich" },
    encoding: "utf8",
  });
  assert.equal(stdout.trim(), "1130632200 1111887000 3");
  assert.equal(machineZone().toInstant(2005, 1, 23, 21, 59, 59) % 900, 1106513999 % 900);
});
