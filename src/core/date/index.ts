/** The door of `date`: find the stamp in a line and read it. */
export { createDetector, type Created, type DetectorOptions } from "./create.ts";
export { type DateFound, Detector, type Learned } from "./detector.ts";
export { createTemplates, Templates } from "./templates.ts";
export { parseTimezone } from "./zones.ts";
