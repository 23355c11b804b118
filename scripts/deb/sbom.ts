/** The bill of materials in CycloneDX 1.6, from package-lock.json: what the package carries. The same source gives the same bytes. */
import { createHash } from "node:crypto";

interface Locked {
  readonly version: string;
  readonly license?: string;
  readonly integrity?: string;
  readonly dev?: boolean;
}

export interface BillOptions {
  readonly lock: { readonly packages: Readonly<Record<string, Locked>> };
  readonly name: string;
  readonly version: string;
  readonly license: string;
  readonly date: Date;
  /** Packages of other machines: the Nodes that this package does not carry. */
  readonly without: readonly string[];
}

export function billOfMaterials({ lock, name, version, license, date, without }: BillOptions): string {
  const components = Object.entries(lock.packages)
    .filter(([place, { dev }]) => place !== "" && dev !== true)
    .map(
      ([place, locked]) => [place.slice(place.lastIndexOf("node_modules/") + "node_modules/".length), locked] as const,
    )
    .filter(([each]) => !without.includes(each))
    .map(([each, locked]) => component(each, locked));
  const body = {
    bomFormat: "CycloneDX",
    specVersion: "1.6",
    version: 1,
    metadata: {
      timestamp: date.toISOString(),
      component: {
        type: "application",
        "bom-ref": `${name}@${version}`,
        name,
        version,
        licenses: [{ license: { id: license } }],
      },
    },
    components,
    dependencies: [{ ref: `${name}@${version}`, dependsOn: components.map((each) => each["bom-ref"]) }],
  };
  return `${JSON.stringify({ ...body, serialNumber: serialNumber(JSON.stringify(body)) }, null, 2)}\n`;
}

function component(name: string, { version, license, integrity }: Locked) {
  const purl = `pkg:npm/${name.replace("@", "%40")}@${version}`;
  const sum = /^sha512-(.+)$/.exec(integrity ?? "")?.[1];
  return {
    type: "library",
    "bom-ref": purl,
    name,
    version,
    purl,
    ...(license === undefined ? {} : { licenses: [{ license: { id: license } }] }),
    ...(sum === undefined ? {} : { hashes: [{ alg: "SHA-512", content: Buffer.from(sum, "base64").toString("hex") }] }),
  };
}

/** A UUID that follows from the content. */
function serialNumber(content: string): string {
  const hex = createHash("sha256").update(content).digest("hex");
  return `urn:uuid:${hex.slice(0, 8)}-${hex.slice(8, 12)}-8${hex.slice(13, 16)}-8${hex.slice(17, 20)}-${hex.slice(20, 32)}`;
}
