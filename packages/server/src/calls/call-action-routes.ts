import { type CommandName, commands } from "@pbx-x/protocol";
import type { FastifyInstance } from "fastify";
import type { ZodTypeProvider } from "fastify-type-provider-zod";
import { z } from "zod";
import type { NewId } from "../ids.ts";
import type { ParkingCommands } from "../parking/parking-commands.ts";
import type { CommandContext, CommandOutcome } from "../realtime/command-handler.ts";
import type { MonitorCommands } from "../supervision/monitor-commands.ts";
import { contextOf, resultOf } from "../rest/command-answers.ts";
import { ProblemError } from "../rest/problem.ts";
import type { CallCommands } from "./call-commands.ts";

const callParams = z.object({ id: z.uuid() });
const ofCall = { callId: true } as const;
const transferBody = z.union([
  commands.transferBlind.params.omit(ofCall).strict(),
  commands.transferAttended.params.omit(ofCall).strict(),
]);

export interface CallActionRoutesOptions {
  readonly commands: CallCommands & ParkingCommands & MonitorCommands;
  readonly newId: NewId;
  /** Seconds to wait, 0 when the user may originate one more call; counts commands too ([W34]). */
  readonly limitOriginate: (userId: string) => number;
}

/** What can be done with calls, by the same code as the socket's commands ([R6]). */
export function createCallActionRoutes({ commands: handlers, newId, limitOriginate }: CallActionRoutesOptions) {
  return (instance: FastifyInstance): void => {
    const app = instance.withTypeProvider<ZodTypeProvider>();
    const tags = ["calls"];

    app.post(
      "/calls/originate",
      { schema: { tags, summary: "Dial for a phone", body: commands.originate.params } },
      async (request, reply) => {
        const context = contextOf(request, newId);
        const wait = Math.ceil(limitOriginate(context.identity.userId));
        if (wait > 0) {
          throw new ProblemError(429, `RATE_LIMIT_EXCEEDED: Too many calls. Try again in ${wait} s.`, {}, wait);
        }
        const outcome = await handlers.originate(request.body, context);
        return reply.code(201).send(resultOf(outcome));
      },
    );

    const act = <Body extends z.ZodType>(
      name: CommandName,
      body: Body,
      run: (
        params: { readonly callId: string } & z.output<Body>,
        context: CommandContext,
      ) => Promise<CommandOutcome<object>>,
    ): void => {
      const schema = { tags, summary: commands[name].when, params: callParams, body };
      app.post(`/calls/:id/${name}`, { schema }, async (request) => {
        // Checked by this very schema before.
        const params = Object.assign({ callId: request.params.id }, request.body as z.output<Body>);
        return resultOf(await run(params, contextOf(request, newId)));
      });
    };
    for (const name of ["answer", "hangup", "hold", "unhold", "mute", "unmute"] as const) {
      act(name, commands.hold.params.omit(ofCall).nullish(), handlers[name]);
    }
    act("reject", commands.reject.params.omit(ofCall).nullish(), handlers.reject);
    act("sendDtmf", commands.sendDtmf.params.omit(ofCall), handlers.sendDtmf);
    act("attachData", commands.attachData.params.omit(ofCall), handlers.attachData);
    act("redirect", commands.redirect.params.omit(ofCall), handlers.redirect);
    act("consult", commands.consult.params.omit(ofCall), handlers.consult);
    act("cancelTransfer", commands.cancelTransfer.params.omit(ofCall), handlers.cancelTransfer);
    act("park", commands.park.params.omit(ofCall).nullish(), handlers.park);
    act("pickup", z.object({ extensionId: commands.pickup.params.shape.extensionId }).nullish(), handlers.pickup);
    act("monitor", commands.monitor.params.omit(ofCall), handlers.monitor);
    act("monitorStop", commands.monitorStop.params.omit(ofCall).nullish(), handlers.monitorStop);
    act("swap", commands.swap.params.omit(ofCall), handlers.swap);

    app.post(
      "/calls/:id/transfer",
      {
        schema: {
          tags,
          summary: "Passes a call on: to `destination` without asking, or to the party of `consultCallId`.",
          params: callParams,
          body: transferBody,
        },
      },
      async (request) => {
        const { body } = request;
        const callId = request.params.id;
        const context = contextOf(request, newId);
        return "destination" in body
          ? resultOf(await handlers.transferBlind({ ...body, callId }, context))
          : resultOf(await handlers.transferAttended({ ...body, callId }, context));
      },
    );
  };
}
