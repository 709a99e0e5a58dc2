import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Call } from "./call.ts";
import { CallsByExtension } from "./calls-by-extension.ts";
import { createCallTestbench } from "./call-testbench.ts";

/** A real call, as the calls' own decisions make it. */
async function anyCall(): Promise<Call> {
  const bench = await createCallTestbench();
  const binding = bench.register("200");
  bench.register("201");
  bench.engine.call(binding, "201");
  const [call] = bench.calls.registry.all();
  if (call === undefined) throw new Error("no call");
  return call;
}

describe("the calls of each extension", () => {
  it("are found, the oldest first, whatever comes, changes and goes", async () => {
    const real = await anyCall();
    const ids = ["a", "b", "c"];
    const step = fc.record({
      call: fc.integer({ min: 0, max: 9 }),
      caller: fc.constantFrom(...ids),
      callee: fc.constantFrom(...ids),
      isOver: fc.boolean(),
    });
    fc.assert(
      fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
        const index = new CallsByExtension();
        const calls = new Map<string, Call>();
        for (const { call, caller, callee, isOver } of steps) {
          const callId = `call-${call}`;
          const before = calls.get(callId);
          const after: Call = {
            ...real,
            callId,
            // Some begin in the same millisecond.
            createdAtMs: (call * 7) % 5,
            caller: { ...real.caller, extensionId: caller },
            callee: { ...real.callee, extensionId: callee },
            ...(isOver && { stage: { at: "ended" } as const }),
          };
          index.put(before, after);
          if (isOver) calls.delete(callId);
          else calls.set(callId, after);
          for (const id of ids) {
            const expected = [...calls.values()]
              .filter((one) => one.caller.extensionId === id || one.callee.extensionId === id)
              .toSorted((a, b) => a.createdAtMs - b.createdAtMs || (a.callId < b.callId ? -1 : 1));
            expect(index.of(id)).toEqual(expected);
            for (const one of calls.values()) expect(index.has(id, one)).toBe(expected.includes(one));
          }
        }
      }),
    );
  });

  it("a list that was handed out stays as it was", async () => {
    const call = await anyCall();
    const index = new CallsByExtension();
    index.put(undefined, call);
    const [id = ""] = [call.caller.extensionId];
    const handedOut = index.of(id);
    index.put(call, { ...call, stage: { at: "ended" } });
    expect(handedOut).toEqual([call]);
    expect(index.of(id)).toEqual([]);
  });
});
