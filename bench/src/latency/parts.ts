import type { Cell } from "../benchmark.ts";
import { quantile } from "../benchmark.ts";

/** What the server tells of an event's way, in this order. */
export type Step = "received" | "parsed" | "told" | "decided" | "appended" | "writing" | "committed" | "sent";

/** One event of the phone under measurement: when its datagram was sent, when the client had it. */
export interface Passage {
  readonly seq: number;
  readonly sentAt: number;
  readonly arrivedAt: number;
}

export type ServerTimes = ReadonlyMap<number, Partial<Readonly<Record<Step, number>>>>;

const parts: readonly { readonly name: string; readonly from: Step | "start"; readonly to: Step | "end" }[] = [
  { name: "receive: the datagram's way into the server", from: "start", to: "received" },
  { name: "parse", from: "received", to: "parsed" },
  { name: "engine: transaction, dialog, SDP", from: "parsed", to: "told" },
  { name: "decide", from: "told", to: "decided" },
  { name: "append: event made and numbered", from: "decided", to: "appended" },
  { name: "group: until the writing thread is asked", from: "appended", to: "writing" },
  { name: "commit: on the disk, and told", from: "writing", to: "committed" },
  { name: "send: state, fan-out, socket", from: "committed", to: "sent" },
  { name: "deliver: the frame's way to the parsed event", from: "sent", to: "end" },
];

/** One row per part; the parts of each passage add up to its whole. */
export function partRows(passages: readonly Passage[], times: ServerTimes, load: string): readonly (readonly Cell[])[] {
  return parts.map(({ name, from, to }) => {
    const values = passages.flatMap(({ seq, sentAt, arrivedAt }) => {
      const steps = { ...times.get(seq), start: sentAt, end: arrivedAt };
      const [begin, end] = [steps[from], steps[to]];
      return begin === undefined || end === undefined ? [] : [end - begin];
    });
    return [name, load, values.length, quantile(values, 0.5), quantile(values, 0.99)];
  });
}
