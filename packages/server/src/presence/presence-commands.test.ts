import { describe, expect, it } from "vitest";
import { createPresenceCommands } from "./presence-commands.ts";
import { createPresenceBench } from "./presence-testbench.ts";

async function open() {
  const bench = await createPresenceBench();
  return { ...bench, setPresence: createPresenceCommands({ presence: bench.presence.service }).setPresence };
}

describe("setPresence", () => {
  it("[P4] sets, changes and gives back; the answer is what others see, with the position", async () => {
    const { setPresence, as, told } = await open();
    expect(await setPresence({ status: "busy", statusMessage: "In a meeting" }, as("200"))).toEqual({
      ok: true,
      data: { presenceStatus: "busy", statusMessage: "In a meeting", isManual: true },
      seq: 1,
    });
    expect(await setPresence({ status: "away" }, as("200"))).toMatchObject({
      data: { presenceStatus: "away" },
      seq: 2,
    });
    expect(await setPresence({ status: null }, as("200"))).toEqual({
      ok: true,
      data: { presenceStatus: "offline", isManual: false },
      seq: 3,
    });
    expect(await told()).toEqual(["200 busy", "200 away", "200 offline"]);
  });

  it("[P4] refuses a message without a status, and users without an extension", async () => {
    const { setPresence, as, told } = await open();
    expect(await setPresence({ status: null, statusMessage: "Why" }, as("200"))).toMatchObject({
      ok: false,
      error: { code: "INVALID_PARAMS" },
    });
    const { extensionId: _, ...identity } = as("200").identity;
    expect(await setPresence({ status: "busy" }, { ...as("200"), identity })).toMatchObject({
      ok: false,
      error: { code: "EXTENSION_NOT_FOUND" },
    });
    expect(await told()).toEqual([]);
  });
});
