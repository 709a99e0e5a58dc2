import { setTimeout as delay } from "node:timers/promises";
import type { BenchPbx } from "../pbx/server.ts";

/** The extensions in the middle of the part of the list that is scrolled. */
export async function idsOf({ url, token }: BenchPbx): Promise<readonly string[]> {
  const response = await fetch(`${url}/api/v1/extensions?limit=100&page=2`, {
    headers: { authorization: `Bearer ${token}` },
  });
  const { data } = (await response.json()) as { data: { id: string }[] };
  return data.map(({ id }) => id);
}

/** Switches do not disturb of one extension after the other; what is returned stops it and answers the rate it came to. */
export function startChanges({ url, token }: BenchPbx, ids: readonly string[], perSecond: number) {
  let isOn = true;
  let done = 0;
  const began = performance.now();
  const headers = { authorization: `Bearer ${token}`, "content-type": "application/json" };
  const open = new Set<Promise<void>>();
  const running = (async () => {
    for (let index = 0; isOn; index += 1) {
      await delay(Math.max(0, began + (index * 1000) / perSecond - performance.now()));
      const body = JSON.stringify({ dndEnabled: Math.floor(index / ids.length) % 2 === 0 });
      const sent = fetch(`${url}/api/v1/extensions/${ids[index % ids.length]}`, { method: "PATCH", headers, body })
        .then((response) => response.text())
        .then(() => {
          done += 1;
          open.delete(sent);
        });
      open.add(sent);
    }
  })();
  return async (): Promise<number> => {
    const rate = (done * 1000) / (performance.now() - began);
    isOn = false;
    await running;
    await Promise.all(open);
    return rate;
  };
}
