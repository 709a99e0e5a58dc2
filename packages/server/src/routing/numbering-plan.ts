/** How numbers are dialled where the PBX stands ([G2]); only the digits. */
export interface NumberingPlan {
  /** Without `+`: 49. */
  readonly countryCode: string;
  /** Without the national prefix: 30. Undefined: numbers of the own town are dialled with it. */
  readonly areaCode?: string | undefined;
  /** Before a country code: 00. */
  readonly internationalPrefix: string;
  /** Before an area code: 0. Empty where the country has none. */
  readonly nationalPrefix: string;
  /** What phones dial for an outside line, often 0. Empty: none. */
  readonly outsidePrefix: string;
}

/** How a far side writes numbers ([G3]): `+49301234567`, `49301234567`, `0049301234567`, `0301234567`. */
export const numberFormats = ["+e164", "e164", "00e164", "national"] as const;
export type NumberFormat = (typeof numberFormats)[number];

/** Longest number of E.164, the country code included. */
const maximumDigits = 15;
/** What is shorter, and carries no prefix, is a short code (112, 115, 11833) and no subscriber. */
const shortestSubscriber = 7;

/**
 * A number as one dials it or as a trunk delivers it, as `+` and E.164; undefined where it has no such form (short codes,
 * codes with `*`, a number without area code where no area is configured).
 *
 * @param format how the far side is known to write; only needed for `49301234567`, which could be a number of the own town
 */
export function toE164(number: string, plan: NumberingPlan, format?: NumberFormat): string | undefined {
  if (!/^\+?\d+$/.test(number)) return undefined;
  const { countryCode, areaCode, internationalPrefix, nationalPrefix } = plan;
  if (number.startsWith("+")) return checked(number.slice(1));
  if (internationalPrefix !== "" && number.startsWith(internationalPrefix)) {
    return checked(number.slice(internationalPrefix.length));
  }
  if (format === "e164") return checked(number);
  if (nationalPrefix !== "" && number.startsWith(nationalPrefix)) {
    return checked(countryCode + number.slice(nationalPrefix.length));
  }
  if (number.length < shortestSubscriber) return undefined;
  if (nationalPrefix === "") return checked(countryCode + number);
  return areaCode === undefined ? undefined : checked(countryCode + areaCode + number);
}

/** A number the way a far side wants it; what is no E.164 number stays as it is. */
export function formatNumber(number: string, format: NumberFormat, plan: NumberingPlan): string {
  if (!number.startsWith("+")) return number;
  const digits = number.slice(1);
  switch (format) {
    case "+e164":
      return number;
    case "e164":
      return digits;
    case "00e164":
      return plan.internationalPrefix + digits;
    case "national":
      return digits.startsWith(plan.countryCode)
        ? plan.nationalPrefix + digits.slice(plan.countryCode.length)
        : plan.internationalPrefix + digits;
  }
}

/**
 * The ways in which a number may be meant when somebody dials it, the likeliest first: as it is, and where it is written
 * with `+` also as a phone here would dial it. So rules need not be written twice.
 */
export function waysToDial(number: string, plan: NumberingPlan): readonly string[] {
  if (!/^\+\d+$/.test(number)) return [number];
  const { outsidePrefix } = plan;
  const ways = [number, outsidePrefix + formatNumber(number, "national", plan)];
  return [...new Set([...ways, outsidePrefix + formatNumber(number, "00e164", plan)])];
}

function checked(digits: string): string | undefined {
  return /^[1-9]\d+$/.test(digits) && digits.length <= maximumDigits ? `+${digits}` : undefined;
}
