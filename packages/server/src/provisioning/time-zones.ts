/** How each maker writes a time zone. */
export interface PhoneTimeZone {
  /** Hours from UTC in winter, and the name in the phone's list. */
  readonly yealink: { readonly offset: string; readonly name: string };
  readonly snom: string;
  /** As in POSIX `TZ`. */
  readonly posix: string;
}

const centralEurope = "CET-1CEST-2,M3.5.0/02:00:00,M10.5.0/03:00:00";
const central = (name: string, snom: string): PhoneTimeZone => ({
  yealink: { offset: "+1", name },
  snom,
  posix: centralEurope,
});

export const phoneTimeZones = {
  "Europe/Berlin": central("Germany(Berlin)", "GER+1"),
  "Europe/Vienna": central("Austria(Vienna)", "AUT+1"),
  "Europe/Zurich": central("Switzerland(Bern)", "CHE+1"),
  "Europe/Paris": central("France(Paris)", "FRA+1"),
  "Europe/Amsterdam": central("Netherlands(Amsterdam)", "NLD+1"),
  "Europe/Madrid": central("Spain(Madrid)", "ESP+1"),
  "Europe/Rome": central("Italy(Rome)", "ITA+1"),
  "Europe/London": {
    yealink: { offset: "0", name: "United Kingdom(London)" },
    snom: "GBR-0",
    posix: "GMT-0BST-1,M3.5.0/01:00:00,M10.5.0/02:00:00",
  },
} as const satisfies Readonly<Record<string, PhoneTimeZone>>;

export type PhoneTimeZoneName = keyof typeof phoneTimeZones;

// The keys of an object literal.
export const phoneTimeZoneNames = Object.keys(phoneTimeZones) as [PhoneTimeZoneName, ...PhoneTimeZoneName[]];

/** That of a name; Berlin's where there is none. */
export function phoneTimeZone(name: string): PhoneTimeZone {
  const zones: Readonly<Record<string, PhoneTimeZone>> = phoneTimeZones;
  return zones[name] ?? phoneTimeZones["Europe/Berlin"];
}
