// Shows the customer's record when the phone rings: once, on time, and never for what was missed while away.
import type { PbxClient } from "@pbx-x/client";

export interface Crm {
  /** Opens the record of a number on the agent's screen. */
  open(number: string): void;
  /** Notes a call that ended while this page was away. */
  noteMissed(callId: string): void;
}

export function startScreenPop(client: PbxClient, myNumber: string, crm: Crm): () => void {
  const stops = [
    client.on("CALL_RINGING", ({ data }, { source, ageMs }) => {
      // A replayed event is history: nobody wants a record to open for a call of ten minutes ago.
      if (source !== "live" || ageMs > 10_000) return;
      if (data.callee?.number !== myNumber || data.caller === undefined) return;
      crm.open(data.caller.number);
    }),
    // Where events cannot be had any more, the client tells what became of the state instead.
    client.on("gap", ({ changes }) => {
      for (const { table, key, after } of changes) if (table === "calls" && after === undefined) crm.noteMissed(key);
    }),
  ];
  return () => {
    for (const stop of stops) stop();
  };
}
