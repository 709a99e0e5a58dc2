import { describe, expect, it } from "vitest";
import { createChannelLoad } from "./channel-load.ts";

describe("the load of the channels", () => {
  it("[U26] names the one that brings the most of those that are asked for", () => {
    const load = createChannelLoad();
    for (let count = 0; count < 10; count += 1) load.note("CALL_CREATED", 0);
    load.note("EXTENSION_REGISTERED", 0);
    expect(load.busiest(["extensions", "calls"], 0)).toBe("calls");
    expect(load.busiest(["extensions"], 0)).toBe("extensions");
  });

  it("[U26] names none where none brings anything, and forgets what was long ago", () => {
    const load = createChannelLoad();
    expect(load.busiest(["calls"], 0)).toBeUndefined();
    load.note("SOMETHING_NEW", 0);
    for (let count = 0; count < 10; count += 1) load.note("CALL_CREATED", 0);
    load.note("EXTENSION_REGISTERED", 90_000);
    expect(load.busiest(["calls", "extensions"], 90_000)).toBe("extensions");
  });
});
