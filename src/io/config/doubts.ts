import type { Issue } from "../../base/index.ts";
import type { JailReading, ReadJailResult } from "./jail.ts";
export function doubtsOf(_reading: JailReading, _jails: readonly ReadJailResult[]): Issue[] {
  return [];
}
