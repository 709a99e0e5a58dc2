import type { Entry } from "../live/directory.tsx";

/** Digits as they are dialled: any spacing, `+49` and `0049` are the same; undefined for what is no number. */
export function dialledNumber(text: string): string | undefined {
  const bare = text.replaceAll(/[\s()/.-]/g, "");
  if (!/^(?:\+?\d{2,30}|[*#][*#\d]{1,20})$/.test(bare)) return undefined;
  return bare.startsWith("00") ? `+${bare.slice(2)}` : bare;
}

/** Who fits the text by number, name or department; an exact number first, then the beginnings, each by number. */
export function searchDirectory(entries: readonly Entry[], text: string, limit = 8): readonly Entry[] {
  const wanted = fold(text.trim());
  if (wanted === "") return [];
  const digits = dialledNumber(text) ?? wanted;
  const ranked = entries.flatMap((entry) => {
    const rank = rankOf(entry, wanted, digits);
    return rank === undefined ? [] : [{ entry, rank }];
  });
  return ranked
    .toSorted((a, b) => a.rank - b.rank)
    .slice(0, limit)
    .map(({ entry }) => entry);
}

function rankOf({ number, displayName, department }: Entry, wanted: string, digits: string): number | undefined {
  if (number === digits) return 0;
  if (number.startsWith(digits)) return 1;
  const name = fold(displayName);
  if (name.split(" ").some((part) => part.startsWith(wanted)) || name.startsWith(wanted)) return 2;
  if (name.includes(wanted)) return 3;
  return department !== undefined && fold(department).includes(wanted) ? 4 : undefined;
}

/** Without case and accents, so that `mueller` and `Müller` meet. */
export function fold(text: string): string {
  return text
    .toLowerCase()
    .replaceAll("ß", "ss")
    .replaceAll("ä", "ae")
    .replaceAll("ö", "oe")
    .replaceAll("ü", "ue")
    .normalize("NFD")
    .replaceAll(/\p{Diacritic}/gu, "");
}
