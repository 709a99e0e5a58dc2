import type { FastifyInstance } from "fastify";
import type { ZodTypeProvider } from "fastify-type-provider-zod";
import { z } from "zod";
import type { ExtensionDirectory } from "../extensions/extension.ts";
import { requirePermission } from "../rest/identity-hook.ts";
import { ProblemError } from "../rest/problem.ts";
import { type ExplainParts, explainRoute } from "./explain-route.ts";
import { maximumNumberLength, normaliseNumber } from "./route-number.ts";
import type { RoutingTrunks } from "./routing-trunk.ts";

export interface ExplainRoutesOptions {
  readonly explain: ExplainParts;
  readonly extensions: Pick<ExtensionDirectory, "byId" | "byNumber">;
  readonly trunks: RoutingTrunks;
  readonly now: () => number;
}

const ref = z.object({ id: z.string(), name: z.string() });
const explanation = z
  .object({
    direction: z.enum(["inbound", "outbound", "internal"]),
    at: z.iso.datetime(),
    outcome: z.object({
      kind: z
        .string()
        .describe("What it leads to, e.g. `extension`, `outside`; `refused` by a guard, `none`: nowhere."),
      number: z.string(),
      reason: z.string().exactOptional(),
      extensionId: z.string().exactOptional(),
      class: z.string().exactOptional().describe("Of a number outside."),
      rule: ref.exactOptional(),
      trunks: z
        .array(ref.extend({ dials: z.string() }))
        .readonly()
        .exactOptional()
        .describe("In the order in which they would be tried."),
    }),
    steps: z
      .array(
        z.object({
          subject: z.string(),
          verdict: z.enum(["taken", "passed_over", "allowed", "refused", "noted"]),
          why: z.string(),
        }),
      )
      .readonly(),
  })
  .meta({ id: "RoutingExplanation" });

const query = z.object({
  from: z.string().min(1).max(maximumNumberLength).describe("An extension; with `trunk` the caller outside."),
  to: z.string().min(1).max(maximumNumberLength).describe("The number that is dialled, or that the trunk delivers."),
  trunk: z.string().max(128).optional().describe("Id or name: a call comes in over it."),
  at: z.iso.datetime({ offset: true }).optional().describe("When; now, where it is left out."),
});

/** What would happen to a number, and why ([G20]). */
export function createExplainRoutes({ explain, extensions, trunks, now }: ExplainRoutesOptions) {
  return (instance: FastifyInstance): void => {
    const app = instance.withTypeProvider<ZodTypeProvider>();
    const schema = {
      tags: ["routing"],
      summary: "Where a number leads, step by step",
      querystring: query,
      response: { 200: explanation },
    };
    app.get("/routing/explain", { config: { problems: [422] }, schema }, (request) => {
      requirePermission(request, "system.configure");
      const { from, trunk: named, at } = request.query;
      const to = normaliseNumber(request.query.to);
      const atMs = at === undefined ? now() : Date.parse(at);
      const told = { at: new Date(atMs).toISOString() };
      if (named !== undefined) {
        const trunk = trunks.byId(named) ?? trunks.all().find(({ name }) => name === named);
        if (trunk === undefined) throw unknown("trunk", "There is no such trunk.");
        return { ...told, ...explainRoute({ trunk, to, atMs }, explain) };
      }
      const extension = extensions.byNumber(normaliseNumber(from)) ?? extensions.byId(from);
      if (extension === undefined) {
        throw unknown("from", "is no extension; for a call from outside, name the trunk that delivers it by `trunk`");
      }
      return { ...told, ...explainRoute({ extension, to, atMs }, explain) };
    });
  };
}

function unknown(field: string, message: string): ProblemError {
  return new ProblemError(422, "The question cannot be answered as it is.", { errors: [{ field, message }] });
}
