/**
 * Names of time zones and offsets as they stand in log lines and in `logtimezone` (engine.md §3.7). Fixed offsets
 * only: nothing here knows summer time or places.
 */

/** Minutes east of UTC, and the abbreviations that mean them; all in capitals but for `ChST`. */
const ABBREVIATIONS: readonly (readonly [minutes: number, names: string])[] = [
  [-720, "Y"],
  [-660, "NUT SST X"],
  [-600, "CKT HAST HST TAHT TKT W"],
  [-570, "MART MIT"],
  [-540, "AKST GAMT GIT HADT HNY V"],
  [-480, "AKDT CIST HAY HNP PST PT U"],
  [-420, "HAP HNR MST PDT T"],
  [-360, "CST EAST GALT HAR HNC MDT S"],
  [-300, "CDT COT EASST ECT EST ET HAC HNE PET R"],
  [-270, "HLV VET"],
  [-240, "AST BOT CLT COST EDT FKT GYT HAE HNA PYT Q"],
  [-210, "HNT NST NT"],
  [-180, "ADT ART BRT CLST FKST GFT HAA P PMST PYST SRT UYT WGT"],
  [-150, "HAT NDT"],
  [-120, "BRST FNT O PMDT UYST WGST"],
  [-60, "AZOT CVT EGT N"],
  [0, "EGST GMT UTC WET WT Z"],
  [60, "A CET DFT WAT WEDT WEST"],
  [120, "B CAT CEDT CEST EET SAST WAST"],
  [180, "C EAT EEDT EEST IDT MSK"],
  [210, "IRST"],
  [240, "AMT AZT D GET GST KUYT MSD MUT RET SAMT SCT"],
  [270, "AFT IRDT"],
  [300, "AMST AQTT AZST E HMT MAWT MVT PKT TFT TJT TMT UZT YEKT"],
  [330, "SLT"],
  [345, "NPT"],
  [360, "ALMT BIOT BTT F IOT KGT NOVT OMST YEKST"],
  [390, "CCT MMT"],
  [420, "CXT DAVT G HOVT ICT KRAT NOVST OMSST THA WIB"],
  [480, "ACT AWST BDT BNT CAST H HKT IRKT KRAST MYT PHT SGT ULAT WITA WST"],
  [540, "AWDT I IRKST JST KST PWT TLT WDT WIT YAKT"],
  [570, "ACST"],
  [600, "AEST ChST K PGT VLAT YAKST YAPT"],
  [630, "ACDT LHST"],
  [660, "AEDT L LHDT MAGT NCT PONT SBT VLAST VUT"],
  [690, "NFT"],
  [720, "ANAST ANAT FJT GILT M MAGST MHT NZST PETST PETT TVT WFT"],
  [780, "FJST NZDT"],
];

const MINUTES: ReadonlyMap<string, number> = new Map(
  ABBREVIATIONS.flatMap(([minutes, names]) => names.split(" ").map((name) => [name, minutes] as const)),
);

const ZONE = /^([A-Z](?:[A-Z]{2,4})?)?(?:([+-])([01]\d)(?::?(\d\d))?)?$/;

/**
 * Reads an abbreviation, an offset, or both, which are then added: `CET`, `-0330`, `UTC+02:00`. Case matters.
 *
 * @returns minutes east of UTC, 0 for the empty text, null for anything that is not known
 */
export function parseTimezone(text: string): number | null {
  const match = ZONE.exec(text);
  if (match === null) return null;
  const [, name, sign, hours, minutes] = match;
  const base = name === undefined ? 0 : MINUTES.get(name);
  if (base === undefined) return null;
  const offset = hours === undefined ? 0 : Number(hours) * 60 + Number(minutes ?? 0);
  return sign === "-" ? base - offset : base + offset;
}
