/** The door of `machine`: what the platform says of itself — its time zone, its locale. */
export { localeEncoding } from "./locale.ts";
export { machineZone, zoneNamed } from "./zone.ts";
