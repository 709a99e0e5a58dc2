import { describe, expect, it } from "vitest";
import { createTestLocks } from "../testing/test-locks.ts";
import { claimClientId, type ClientIdPlace } from "./client-id.ts";

function createTab(locks = createTestLocks(), copied = new Map<string, string>()) {
  const values = new Map(copied);
  const storage = {
    getItem: (key: string) => values.get(key) ?? null,
    setItem: (key: string, value: string) => void values.set(key, value),
  };
  return { place: { storage, locks: locks.of("page") } satisfies ClientIdPlace, values, locks };
}

function counter(): () => string {
  let last = 0;
  return () => {
    last += 1;
    return `id-${last}`;
  };
}

describe("the name of a client", () => {
  it("[S30] survives a reload of the tab", async () => {
    const newId = counter();
    const tab = createTab();
    const first = await claimClientId(tab.place, "key", newId);
    first.release();
    await Promise.resolve();
    expect((await claimClientId(tab.place, "key", newId)).id).toBe(first.id);
  });

  it("[S30] a duplicated tab, whose storage is a copy, makes a new one and keeps that", async () => {
    const newId = counter();
    const tab = createTab();
    const first = await claimClientId(tab.place, "key", newId);
    const copy = createTab(tab.locks, tab.values);
    const second = await claimClientId(copy.place, "key", newId);
    expect([first.id, second.id]).toEqual(["id-1", "id-2"]);
    second.release();
    await Promise.resolve();
    expect((await claimClientId(copy.place, "key", newId)).id).toBe("id-2");
  });

  it("[S30] is a new one each time where there is no storage, as in Node", async () => {
    const newId = counter();
    expect([(await claimClientId({}, "key", newId)).id, (await claimClientId({}, "key", newId)).id]).toEqual([
      "id-1",
      "id-2",
    ]);
  });
});
