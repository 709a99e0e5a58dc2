/** What is used of a browser's Web Locks; in Node there are none. */
export interface LocksLike {
  request(
    name: string,
    options: { readonly ifAvailable?: boolean; readonly steal?: boolean; readonly signal?: AbortSignal },
    run: (lock: unknown) => Promise<unknown> | undefined,
  ): Promise<unknown>;
}

export interface ClientIdPlace {
  readonly storage?: Pick<Storage, "getItem" | "setItem">;
  readonly locks?: LocksLike | undefined;
}

export interface ClaimedId {
  readonly id: string;
  readonly release: () => void;
}

const nothingToRelease = (): void => undefined;

/**
 * The name of this tab, which survives a reload ([S30]). "Duplicate tab" copies the storage: who does not get the lock
 * of a name makes a new one.
 */
export async function claimClientId(
  { storage, locks }: ClientIdPlace,
  key: string,
  newId: () => string,
): Promise<ClaimedId> {
  const known = storage?.getItem(key) ?? undefined;
  const kept = known === undefined ? undefined : await hold(locks, known);
  if (kept !== undefined) return kept;
  const id = newId();
  storage?.setItem(key, id);
  return (await hold(locks, id)) ?? { id, release: nothingToRelease };
}

/** Undefined where somebody else has this name. */
function hold(locks: LocksLike | undefined, id: string): Promise<ClaimedId | undefined> {
  return new Promise((resolve) => {
    const asItIs = (): void => resolve({ id, release: nothingToRelease });
    if (locks === undefined) return asItIs();
    const request = locks.request(`pbx-x.client.${id}`, { ifAvailable: true }, (lock) => {
      if (lock === null) {
        resolve(undefined);
        return undefined;
      }
      return new Promise<void>((release) => resolve({ id, release }));
    });
    // Where locks are forbidden (a sandboxed frame): the name is as good as any.
    request.catch(asItIs);
  });
}

/** The tab's own place; empty outside of pages, and where the browser forbids storage. */
export function tabPlace(): ClientIdPlace {
  const scope = globalThis as { readonly document?: unknown; readonly navigator?: { readonly locks?: LocksLike } };
  if (scope.document === undefined) return {};
  try {
    return { storage: sessionStorage, locks: scope.navigator?.locks };
  } catch {
    return {};
  }
}
