import { type CodecName, codecNames } from "@pbx-x/media";

/** Codecs that can be turned into each other; a call that nobody has joined yet is offered only these. */
export const transcodable: readonly CodecName[] = ["PCMA", "PCMU"];

/** What may be talked in, most preferred first, out of names as configured; those that we do not speak are left out. */
export function allowedCodecs(preferences: readonly string[] = []): readonly CodecName[] {
  const wanted = preferences.flatMap(
    (name) => codecNames.find((own) => own.toLowerCase() === name.toLowerCase()) ?? [],
  );
  return wanted.length > 0 ? [...new Set(wanted)] : codecNames;
}

/** What a leg is offered: what the other side speaks first, as far as it is allowed, then what it can be turned into. */
export function codecsToOffer(
  spoken: readonly CodecName[],
  allowed: readonly CodecName[] = codecNames,
): readonly CodecName[] {
  const possible = allowed.filter((name) => spoken.includes(name) || transcodable.includes(name));
  const first = spoken.filter((name) => possible.includes(name));
  const offer = [...first, ...possible.filter((name) => !first.includes(name))];
  return offer.length > 0 ? offer : allowed;
}
