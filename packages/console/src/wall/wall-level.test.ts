import { describe, expect, it } from "vitest";
import { steadyLevel, wallLevel } from "./wall-level.ts";

const calm = { waitingCalls: 0, longestWaitSeconds: 0, availableAgents: 2, busyAgents: 0, serviceLevelPercent: 95 };

describe("[U50] a wallboard's level", () => {
  it("is by the longest wait and the service level", () => {
    expect(wallLevel(calm)).toBe("ok");
    expect(wallLevel({ ...calm, longestWaitSeconds: 60 })).toBe("warning");
    expect(wallLevel({ ...calm, longestWaitSeconds: 130 })).toBe("critical");
    expect(wallLevel({ ...calm, serviceLevelPercent: 79 })).toBe("warning");
    expect(wallLevel({ ...calm, serviceLevelPercent: 55 })).toBe("critical");
  });
  it("is critical where somebody waits and nobody is there", () => {
    expect(wallLevel({ ...calm, waitingCalls: 1, availableAgents: 0 })).toBe("critical");
  });
  it("changes only after 10 s beyond", () => {
    let shown: ReturnType<typeof steadyLevel> = { level: "ok" };
    shown = steadyLevel(shown, "warning", 0);
    expect(steadyLevel(shown, "warning", 9999).level).toBe("ok");
    expect(steadyLevel(shown, "warning", 10_000).level).toBe("warning");
    shown = steadyLevel(shown, "ok", 5000);
    expect(steadyLevel(shown, "warning", 12_000).level).toBe("ok");
  });
});
