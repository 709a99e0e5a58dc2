import type { ReadonlyTables } from "@pbx-x/protocol";
import type { FastifyInstance } from "fastify";
import type { ZodTypeProvider } from "fastify-type-provider-zod";
import { z } from "zod";
import { redactSlot } from "../realtime/redaction.ts";
import { pageOf, time } from "../rest/answers.ts";
import { requirePermission } from "../rest/identity-hook.ts";
import { pageQuery, takePage } from "../rest/paging.ts";
import { ProblemError } from "../rest/problem.ts";
import type { AuditLog } from "../storage/audit-log.ts";
import { maximumSlots } from "./parking-lot.ts";
import type { LotChanges, LotUpdate, ParkingLots } from "./parking-lots.ts";

export interface ParkingRoutesOptions {
  /** The state as of the last committed event. */
  readonly tables: () => ReadonlyTables;
  readonly lots: ParkingLots;
  readonly audit: Pick<AuditLog, "write">;
}

const slotNumber = z.int().min(10).max(999_999_999);
const lotAnswer = z
  .object({
    id: z.string(),
    name: z.string(),
    firstSlot: slotNumber,
    lastSlot: slotNumber.describe(`Included; a lot has at most ${maximumSlots} slots.`),
    timeoutSeconds: z.int().describe("How long a call waits before it goes back to who parked it."),
  })
  .meta({ id: "ParkingLot" });
const lotChanges = z.strictObject({
  name: z.string().min(1).max(200).optional(),
  firstSlot: slotNumber.optional(),
  lastSlot: slotNumber.optional(),
  timeoutSeconds: z.int().min(5).max(86_400).optional(),
});

const party = z.object({
  number: z.string(),
  name: z.string().exactOptional(),
  extensionId: z.string().exactOptional(),
});
const slotAnswer = z
  .object({
    parkingSlot: z.string(),
    callId: z.uuid(),
    parkedBy: party,
    parkedParty: party
      .exactOptional()
      .describe("Number empty and no name where it is an outside party's and the right to see it is missing."),
    parkedAt: time,
    expiresAt: time,
  })
  .meta({ id: "ParkingSlot" });

const tags = ["parking"];

/** What is parked, and the lots ([R7]). */
export function createParkingRoutes({ tables, lots, audit }: ParkingRoutesOptions) {
  return (instance: FastifyInstance): void => {
    const app = instance.withTypeProvider<ZodTypeProvider>();
    const list = { tags, summary: "Calls that are parked now", querystring: pageQuery };
    app.get("/parking", { schema: { ...list, response: { 200: pageOf(slotAnswer) } } }, (request) => {
      const viewer = requirePermission(request, "parking.view");
      const now = tables();
      const slots = [...now.parkingSlots.values()].toSorted((a, b) => Number(a.parkingSlot) - Number(b.parkingSlot));
      const { data, meta } = takePage(slots, request.query);
      return { data: data.map((slot) => redactSlot(slot, now, viewer)), meta };
    });

    const lotList = { tags, summary: "The parking lots", querystring: pageQuery };
    app.get("/parking-lots", { schema: { ...lotList, response: { 200: pageOf(lotAnswer) } } }, (request) => {
      requirePermission(request, "parking.view");
      return takePage(lots.all(), request.query);
    });

    const patch = {
      config: { problems: [409, 422] },
      schema: {
        tags,
        summary: "Change a parking lot; calls that are parked stay",
        params: z.object({ id: z.string() }),
        body: lotChanges,
        response: { 200: lotAnswer },
      },
    };
    app.patch("/parking-lots/:id", patch, async (request) => {
      const { userId } = requirePermission(request, "system.configure");
      const given = Object.entries(request.body).filter(([, value]) => value !== undefined);
      // The schema's fields without those that were not given.
      const update = await lots.update(request.params.id, Object.fromEntries(given) as LotChanges);
      if (!update.ok) throw problemOf(update.reason);
      audit.write(userId, "parking-lot.update", update.lot.name, { changed: Object.keys(request.body) });
      return update.lot;
    });
  };
}

function problemOf(reason: Extract<LotUpdate, { ok: false }>["reason"]): ProblemError {
  switch (reason) {
    case "no_such_lot":
      return new ProblemError(404, "There is no such parking lot.");
    case "wrong_range":
      return new ProblemError(422, `The last slot must not be below the first; at most ${maximumSlots} slots.`);
    case "overlaps_lot":
      return new ProblemError(409, "Another lot has some of these slots.");
    case "overlaps_extension":
      return new ProblemError(409, "An extension has one of these numbers.");
  }
}
