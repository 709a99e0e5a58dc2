/** What a phone may dial to change its own extension ([E4]). */
export type FeatureCode =
  | { readonly feature: "dnd"; readonly isOn: boolean }
  | {
      readonly feature: "forward";
      readonly when: "always" | "busy" | "no_answer";
      readonly isOn: true;
      /** Undefined: to where it went last. */
      readonly destination: string | undefined;
    }
  | { readonly feature: "forward"; readonly when: "always" | "busy" | "no_answer"; readonly isOn: false }
  /** Queues: log in to all that the extension is a member of, log out, go on a break, come back ([Q2]). */
  | { readonly feature: "agent"; readonly action: "login" | "logout" | "break" | "available" };

const plain: Readonly<Record<string, FeatureCode>> = {
  "*50": { feature: "agent", action: "login" },
  "*51": { feature: "agent", action: "logout" },
  "*52": { feature: "agent", action: "break" },
  "*53": { feature: "agent", action: "available" },
  "*78": { feature: "dnd", isOn: true },
  "*79": { feature: "dnd", isOn: false },
  "*73": { feature: "forward", when: "always", isOn: false },
  "*91": { feature: "forward", when: "busy", isOn: false },
  "*93": { feature: "forward", when: "no_answer", isOn: false },
};

/** Followed by a destination. */
const withDestination = { "*72": "always", "*90": "busy", "*92": "no_answer" } as const;

/** The code that a number is, if it is one; docs/phones.md has the table. */
export function parseFeatureCode(number: string): FeatureCode | undefined {
  const code = plain[number];
  if (code !== undefined) return code;
  for (const [prefix, when] of Object.entries(withDestination)) {
    if (!number.startsWith(prefix)) continue;
    const destination = number.slice(prefix.length);
    return { feature: "forward", when, isOn: true, destination: destination === "" ? undefined : destination };
  }
  return undefined;
}
