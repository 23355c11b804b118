/** The door of `date`: find the stamp in a line and read it. */
export { createDetector, type Created, type DetectorOptions } from "./create.ts";
export { Detector } from "./detector.ts";
export { type DateFound, type Learned } from "./found.ts";
export { createTemplates, sharedTemplates, Templates } from "./templates.ts";
export { parseTimezone } from "./zones.ts";
