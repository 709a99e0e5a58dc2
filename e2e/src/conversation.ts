import type { Baresip } from "./baresip.ts";
import { playSipp, type SippProcess } from "./sipp.ts";
import { scenario, uac } from "./sipp-scenario.ts";
import type { World } from "./world.ts";

/** A part of a scenario. */
export type Steps = Parameters<typeof scenario>[1];

/** One phone calls another, which answers. @returns the call's id */
export async function talk(world: Pick<World, "cti">, caller: Baresip, callee: Baresip): Promise<string> {
  const seen = world.cti.events.length;
  const next = (type: string, callId?: string) =>
    world.cti.waitFor(
      type,
      (event) => world.cti.events.indexOf(event) >= seen && (callId === undefined || event.data["callId"] === callId),
    );
  await caller.command("dial", callee.number);
  const callId = String((await next("CALL_CREATED")).data["callId"]);
  await next("CALL_RINGING", callId);
  await callee.command("accept");
  await next("CALL_ANSWERED", callId);
  return callId;
}

/** A SIPp phone of 202 that does the steps once its call is answered. */
export async function sippTalks(
  world: World,
  callee: Baresip,
  name: string,
  invite: Steps,
  ...steps: readonly Steps[]
): Promise<{ readonly phone: SippProcess; readonly callId: string }> {
  const seen = world.cti.events.length;
  const next = (type: string) => world.cti.waitFor(type, (event) => world.cti.events.indexOf(event) >= seen);
  const phone = await playSipp({
    scenario: scenario(name, invite, uac.expectAnswer(), ...steps),
    user: world.user("202"),
    dials: callee.number,
    pbx: world.pbx.udp,
  });
  await next("CALL_RINGING");
  await callee.command("accept");
  return { phone, callId: String((await next("CALL_ANSWERED")).data["callId"]) };
}
