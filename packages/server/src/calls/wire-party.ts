import type { Party } from "./call.ts";

/** A party as the events show it. */
export function wireParty({ number, name, extensionId }: Party): Readonly<Record<string, string>> {
  return { number, ...(name !== undefined && { name }), ...(extensionId !== undefined && { extensionId }) };
}
