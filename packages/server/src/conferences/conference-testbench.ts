import type { LegId } from "@pbx-x/telephony";
import { type CallTestbench, createCallTestbench } from "../calls/call-testbench.ts";
import type { Extension } from "../extensions/extension.ts";
import { type ConferenceRoom, defaultRoom } from "./conference-room.ts";

export type BenchNumber = "200" | "201" | "202" | "203";

/** A room with the number 400, and four phones that are in no call. */
export interface ConferenceBench extends CallTestbench {
  /** A phone dials the room. */
  dial(number: BenchNumber): Promise<LegId>;
  /** Presses keys, one after the other. */
  press(legId: LegId, keys: string): Promise<void>;
  /** Every announcement that is being spoken is heard to its end, the following ones too. */
  listen(): Promise<void>;
  /** Last part of the file's name that a phone hears. */
  hears(legId: LegId): string | undefined;
  /** Types of the conference's events. */
  told(): readonly string[];
  /** Of somebody who joined, in the order of the joins. */
  joined(index: number): Readonly<Record<string, unknown>>;
}

/** @param each changes of one extension, by its number */
export async function createConferenceBench(
  changes: Partial<ConferenceRoom> = {},
  each: Readonly<Record<string, Partial<Extension>>> = {},
): Promise<ConferenceBench> {
  const bench = await createCallTestbench({}, each);
  const { engine, settle, events } = bench;
  bench.rooms.push({ ...defaultRoom, id: "room", number: "400", name: "Team Meeting", language: "en", ...changes });
  const phones = {
    "200": bench.register("200"),
    "201": bench.register("201"),
    "202": bench.register("202"),
    "203": bench.register("203"),
  };
  return {
    ...bench,
    dial: async (number) => {
      const leg = engine.call(phones[number], "400");
      await settle();
      return leg;
    },
    press: async (legId, keys) => {
      for (const key of keys) engine.press(legId, key);
      await settle();
    },
    listen: async () => {
      for (let turn = 0; turn < 10; turn += 1) {
        for (const leg of engine.legs()) {
          const played = engine.performed.findLast((one) => one.op === "play" && one.legId === leg.legId);
          if (played?.op !== "play" || engine.hearsPlayback(leg.legId) === undefined) continue;
          engine.finishPlayback(played.playbackId);
        }
        await settle();
      }
    },
    hears: (legId) => {
      const source = engine.hearsPlayback(legId);
      return source?.kind === "file" ? source.path.split("/").at(-1)?.replace(".wav", "") : undefined;
    },
    told: () => events.filter(({ type }) => type.startsWith("CONFERENCE_")).map(({ type }) => type.slice(11)),
    joined: (index) => events.filter(({ type }) => type === "CONFERENCE_PARTICIPANT_JOINED")[index]?.data ?? {},
  };
}
