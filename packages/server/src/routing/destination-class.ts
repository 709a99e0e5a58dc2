/** What an outside number costs and where it is, as far as its first digits tell ([G10]). */
export const destinationClasses = [
  "emergency",
  "freephone",
  "national",
  "mobile",
  /** Shared cost, numbers for life, short services. */
  "service",
  /** Whoever is called earns by it; satellites; call-by-call prefixes, which could lead anywhere. */
  "premium",
  "international",
  /** No number that can be judged. */
  "unknown",
] as const;
export type DestinationClass = (typeof destinationClasses)[number];

/** The longest prefix that fits decides. With `+`: of the whole number; without: of what has no E.164 form. */
export interface ClassPrefix {
  readonly prefix: string;
  readonly class: DestinationClass;
}

/** Country code to prefixes in the national numbering plan (Germany: Bundesnetzagentur, Nummernplan). */
const ofCountry: Readonly<Record<string, readonly ClassPrefix[]>> = {
  "49": [
    { prefix: "+4915", class: "mobile" },
    { prefix: "+4916", class: "mobile" },
    { prefix: "+4917", class: "mobile" },
    { prefix: "+49800", class: "freephone" },
    { prefix: "+49180", class: "service" },
    { prefix: "+4932", class: "service" },
    { prefix: "+49700", class: "service" },
    { prefix: "+4910", class: "premium" },
    { prefix: "+4912", class: "premium" },
    { prefix: "+49137", class: "premium" },
    { prefix: "+49138", class: "premium" },
    { prefix: "+4918", class: "premium" },
    { prefix: "+4919", class: "premium" },
    { prefix: "+49900", class: "premium" },
    { prefix: "+49118", class: "premium" },
    { prefix: "115", class: "service" },
    { prefix: "116", class: "freephone" },
    { prefix: "118", class: "premium" },
  ],
};

/** Country codes that belong to no country (ITU-T E.164, list of assigned codes), and the best-known premium ones. */
const ofTheWorld: readonly ClassPrefix[] = [
  { prefix: "+800", class: "freephone" },
  { prefix: "+808", class: "premium" },
  { prefix: "+870", class: "premium" },
  { prefix: "+878", class: "premium" },
  { prefix: "+881", class: "premium" },
  { prefix: "+882", class: "premium" },
  { prefix: "+883", class: "premium" },
  { prefix: "+888", class: "premium" },
  { prefix: "+979", class: "premium" },
  { prefix: "+1900", class: "premium" },
  { prefix: "+1976", class: "premium" },
];

/**
 * @param number in E.164 with `+`, or as dialled where it has no such form
 * @param own prefixes of this PBX, which count before the built-in ones
 */
export function classOf(number: string, countryCode: string, own: readonly ClassPrefix[] = []): DestinationClass {
  const builtIn = [...ofTheWorld, ...(ofCountry[countryCode] ?? [])];
  const found = longest(number, own) ?? longest(number, builtIn);
  if (found !== undefined) return found.class;
  if (!number.startsWith("+")) return "unknown";
  return number.startsWith(`+${countryCode}`) ? "national" : "international";
}

function longest(number: string, prefixes: readonly ClassPrefix[]): ClassPrefix | undefined {
  return prefixes
    .filter(({ prefix }) => number.startsWith(prefix))
    .toSorted((a, b) => b.prefix.length - a.prefix.length)[0];
}
