import { setTimeout as delay } from "node:timers/promises";
import type { Baresip } from "./baresip.ts";
import type { World } from "./world.ts";

/** A phone speaks to the mailbox of a number, without its greeting; resolves with what the socket tells of the message. */
export async function leaveMessage(
  { cti }: Pick<World, "cti">,
  phone: Baresip,
  number: string,
  seconds = 4.5,
): Promise<Readonly<Record<string, unknown>>> {
  const seen = cti.events.length;
  await reachMailbox({ cti }, phone, number);
  await delay(seconds * 1000);
  await phone.command("hangup");
  return (await cti.waitFor("VOICEMAIL_RECEIVED", (event) => cti.events.indexOf(event) >= seen)).data;
}

/** The same up to the tone; resolves with the call's id. */
export async function reachMailbox({ cti }: Pick<World, "cti">, phone: Baresip, number: string): Promise<string> {
  const seen = cti.events.length;
  await phone.command("dial", `*98${number}`);
  const { data } = await cti.waitFor("CALL_ANSWERED", (event) => cti.events.indexOf(event) >= seen);
  await phone.command("sndcode", "#");
  return String(data["callId"]);
}
