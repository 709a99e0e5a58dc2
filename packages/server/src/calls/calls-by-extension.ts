import { type Call, extensionsIn } from "./call.ts";

const none: readonly Call[] = [];

/** The calls that each extension is in, the oldest first. A list that was handed out stays as it was. */
export class CallsByExtension {
  readonly #lists = new Map<string, readonly Call[]>();

  of(extensionId: string): readonly Call[] {
    return this.#lists.get(extensionId) ?? none;
  }

  has(extensionId: string, call: Pick<Call, "callId" | "createdAtMs">): boolean {
    const list = this.of(extensionId);
    return list[placeOf(list, call)]?.callId === call.callId;
  }

  /** Takes the next state of a call over the former one. */
  put(before: Call | undefined, after: Call): void {
    const ids = extensionsIn(after);
    if (before !== undefined) for (const id of extensionsIn(before)) if (!ids.includes(id)) this.#remove(id, before);
    for (const id of ids) this.#keep(id, after);
  }

  #keep(extensionId: string, call: Call): void {
    const list = this.of(extensionId);
    const place = placeOf(list, call);
    const isKnown = list[place]?.callId === call.callId;
    this.#lists.set(extensionId, isKnown ? list.with(place, call) : list.toSpliced(place, 0, call));
  }

  #remove(extensionId: string, call: Call): void {
    const list = this.of(extensionId);
    const place = placeOf(list, call);
    if (list[place]?.callId !== call.callId) return;
    if (list.length === 1) this.#lists.delete(extensionId);
    else this.#lists.set(extensionId, list.toSpliced(place, 1));
  }
}

/** Where a call is, or would be: the calls of one extension can be many, and most events are of the newest. */
function placeOf(list: readonly Call[], call: Pick<Call, "callId" | "createdAtMs">): number {
  let [low, high] = [0, list.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    const other = list[middle];
    if (other !== undefined && isBefore(other, call)) low = middle + 1;
    else high = middle;
  }
  return low;
}

function isBefore(one: Pick<Call, "callId" | "createdAtMs">, other: Pick<Call, "callId" | "createdAtMs">): boolean {
  return one.createdAtMs < other.createdAtMs || (one.createdAtMs === other.createdAtMs && one.callId < other.callId);
}
