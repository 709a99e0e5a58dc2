import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { createRestTestbench, type RestTestbench } from "../rest/rest-testbench.ts";

let bench: RestTestbench;
beforeAll(async () => {
  bench = await createRestTestbench();
});
afterAll(() => bench?.stop());

describe("alerts by REST", () => {
  it("[U2] [R7] shows administrators what is active, and nobody else", async () => {
    expect((await bench.ask("/alerts")).json()).toMatchObject({ data: [], meta: { total: 0 } });
    const tell = bench.desk.watch({ category: "storage" });
    tell({ severity: "warning", message: "almost full", metrics: { freePercent: 4 } });
    expect((await bench.ask("/alerts")).json<{ data: object[] }>().data).toEqual([
      {
        alertId: expect.any(String),
        severity: "warning",
        category: "storage",
        message: "almost full",
        metrics: { freePercent: 4 },
        since: expect.any(String),
      },
    ]);
    const anna = await bench.tokenOf("anna.schmidt@pbx-x.example");
    expect((await bench.ask("/alerts", {}, anna)).statusCode).toBe(403);
  });
});
