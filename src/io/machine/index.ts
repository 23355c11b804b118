/** The door of `machine`: what the platform says of itself — its time zone, its locale, its memory. */
export { localeEncoding } from "./locale.ts";
export { collect, heapSize, releaseMappedFiles, setOptimizing, trim } from "./memory.ts";
export { machineZone, zoneNamed } from "./zone.ts";
