import { allowedMethods } from "@pbx-x/sip";

/** What phones may send us: all that the SIP package can, except text messages. */
export const allow = {
  name: "Allow",
  value: allowedMethods.filter((method) => method !== "MESSAGE").join(", "),
} as const;
