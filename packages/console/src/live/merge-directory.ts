import type { Extension } from "@pbx-x/protocol/runtime";

/** What everybody may know of an extension. */
export interface Entry {
  readonly extensionId: string;
  readonly number: string;
  readonly displayName: string;
  readonly department?: string;
}

export interface Directory {
  /** In the order of the numbers. */
  readonly entries: readonly Entry[];
  readonly byNumber: ReadonlyMap<string, Entry>;
  /** Whether nobody is known yet; with somebody it is over, so that what comes later renders no card anew. */
  readonly isLoading: boolean;
}

/** One for all comparisons: to make it takes longer than to compare. */
const inOrder = new Intl.Collator("en", { numeric: true });

/**
 * The directory as it was read, and over it what is live. What is as before is the same object as before, and so is the
 * whole: no card is rendered because the same names came by another way ([U27]).
 */
export function mergeDirectory(
  listed: readonly Entry[],
  live: readonly Extension[],
  isLoading: boolean,
  before?: Directory,
): Directory {
  const merged = new Map(listed.map((entry) => [entry.number, entry]));
  if (live.length > 0) {
    const present = new Set(live.map(({ number }) => number));
    for (const number of merged.keys()) if (!present.has(number)) merged.delete(number);
  }
  for (const { extensionId, number, displayName, department } of live)
    merged.set(number, {
      extensionId,
      number,
      displayName: displayName ?? merged.get(number)?.displayName ?? number,
      ...(typeof department === "string" && { department }),
    });
  const entries = [...merged.values()]
    .map((entry) => sameAs(before?.byNumber.get(entry.number), entry))
    .toSorted((a, b) => inOrder.compare(a.number, b.number));
  const isBlank = isLoading && entries.length === 0;
  if (before?.entries.length !== entries.length || entries.some((entry, index) => entry !== before.entries[index]))
    return { entries, byNumber: new Map(entries.map((entry) => [entry.number, entry])), isLoading: isBlank };
  return before.isLoading === isBlank ? before : { ...before, isLoading: isBlank };
}

function sameAs(before: Entry | undefined, entry: Entry): Entry {
  return before !== undefined &&
    before.extensionId === entry.extensionId &&
    before.displayName === entry.displayName &&
    before.department === entry.department
    ? before
    : entry;
}
