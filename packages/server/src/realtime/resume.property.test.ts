import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { createSocketTestbench } from "./socket-testbench.ts";
import type { TestSocket } from "./test-socket.ts";

type Step =
  | { readonly do: "append"; readonly count: number }
  | { readonly do: "cut" }
  /** Comes back as the same session, or as a new one that names its position. */
  | { readonly do: "return"; readonly how: "resume" | "since" }
  | { readonly do: "settle" };

const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 4, arbitrary: fc.record({ do: fc.constant("append" as const), count: fc.integer({ min: 1, max: 5 }) }) },
  { weight: 2, arbitrary: fc.constant({ do: "cut" as const }) },
  {
    weight: 3,
    arbitrary: fc.record({
      do: fc.constant("return" as const),
      how: fc.constantFrom("resume" as const, "since" as const),
    }),
  },
  { weight: 1, arbitrary: fc.constant({ do: "settle" as const }) },
);

const numRuns = Number(process.env["PROPERTY_RUNS"] ?? 1) * 40;

describe("a client with a bad line", () => {
  it("[W25] [W28] [W30] has every event exactly once and in order, however often it is cut off", async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(step, { minLength: 3, maxLength: 25 }), async (steps) => {
        const bench = await createSocketTestbench();
        try {
          const heard: number[] = [];
          let socket: TestSocket | undefined = await bench.connect();
          await socket.ask("subscribe", { channels: ["calls"] });
          let call = 0;
          const hear = (from: TestSocket): void => {
            const last = heard.at(-1) ?? 0;
            heard.push(...from.events.flatMap(({ seq }) => (seq !== undefined && seq > last ? [seq] : [])));
          };
          let left: TestSocket = socket;
          const comeBack = async (how: "resume" | "since"): Promise<void> => {
            const since = heard.at(-1) ?? 0;
            if (how === "resume") {
              socket = await bench.connect("admin", { resume: { ...left.resume, since } });
              expect(socket.connected).toMatchObject({ resumed: true });
            } else {
              socket = await bench.connect();
              const answer = await socket.ask("subscribe", {
                channels: ["calls"],
                since: { epoch: bench.log.epoch, seq: since },
              });
              expect(answer).toMatchObject({ data: { recovered: true } });
            }
            left = socket;
          };
          for (const each of steps) {
            switch (each.do) {
              case "append":
                for (let count = 0; count < each.count; count += 1) {
                  call += 1;
                  await bench.call(`019a0000-0000-7000-8000-${String(call).padStart(12, "0")}`, "CALL_CREATED");
                }
                break;
              case "cut":
                if (socket !== undefined) {
                  socket.cut();
                  hear(socket);
                  socket = undefined;
                }
                break;
              case "return":
                if (socket === undefined) await comeBack(each.how);
                break;
              case "settle":
                await socket?.settle();
                break;
            }
          }
          if (socket === undefined) await comeBack("resume");
          await socket?.settle();
          if (socket !== undefined) hear(socket);
          const seqs = left.events.map(({ seq }) => seq ?? 0);
          expect(new Set(seqs).size).toBe(seqs.length);
          expect(heard).toEqual(Array.from({ length: call }, (_, index) => index + 1));
        } finally {
          await bench.stop();
        }
      }),
      { numRuns },
    );
  });
});
