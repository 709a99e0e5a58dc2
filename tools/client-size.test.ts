import { describe, expect, it } from "vitest";
import { measureClient } from "./client-size.ts";

/** Gzipped bytes that each part may have: what it has today and a little more, so that growth is a decision. */
const budget = { core: 13_200, model: 6900, react: 1700, share: 5700 } as const;
/** What every application loads. */
const together = 20_000;

describe("the client SDK in a browser", () => {
  it("[A2] stays within its budget: connection, model, React, tabs", async () => {
    const size = await measureClient();
    console.log(`client SDK, gzipped bytes: ${JSON.stringify(size)}`);
    for (const [part, bytes] of Object.entries(budget)) {
      expect(size[part as keyof typeof budget], part).toBeLessThan(bytes);
    }
    expect(size.core + size.model).toBeLessThan(together);
  });
});
