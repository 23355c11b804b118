/** The machine's time zone is a part of the machine: see `io/machine`. */
export { machineZone, zoneNamed } from "../io/machine/index.ts";
