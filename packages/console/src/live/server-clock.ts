import type { PbxClient } from "@pbx-x/client";

let offsetMs = 0;

/** The server's time as far as it is known here ([U24]). */
export function serverNow(): number {
  return Date.now() + offsetMs;
}

/** The age of each event tells how far the clocks are apart. */
export function followServerClock(client: PbxClient): () => void {
  return client.on("CONNECTED", (event, { ageMs }) => {
    offsetMs = Date.parse(event.timestamp) + ageMs - Date.now();
  });
}
