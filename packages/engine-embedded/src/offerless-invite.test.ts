import { parseSdp, type SessionDescription } from "@pbx-x/media";
import type { PhoneCall } from "@pbx-x/sip/testing";
import type { LegId } from "@pbx-x/telephony";
import { afterEach, describe, expect, it } from "vitest";
import { describeVoice, type EngineWithCall, startEngineWithCall } from "./testing/engine-with-call.ts";

let around: EngineWithCall;
afterEach(() => around.stop());

type Side = { readonly legId: LegId; readonly call: PhoneCall };

const holdsOf = (legId: LegId): readonly string[] =>
  around.events.flatMap((event) =>
    (event.type === "legHeld" || event.type === "legUnheld") && event.legId === legId ? [event.type] : [],
  );

/** What it is offered; it answers in the ACK. */
async function offerFor({ call }: Side, answer: string): Promise<SessionDescription> {
  const { status, body } = await call.askForOffer(answer);
  expect(status).toBe(200);
  const offer = parseSdp(new TextDecoder().decode(body));
  if (offer === undefined) throw new Error("that is no offer");
  return offer;
}

describe("[C20] who holds and resumes by an INVITE without an offer", () => {
  it.each(["caller", "callee"] as const)("is heard again: the %s", async (side) => {
    around = await startEngineWithCall({}, { min: 24_400, max: 24_499 });
    const { legId, call } = around[side];
    const held = await call.reinvite(describeVoice({}, "inactive"));
    const heldBy = parseSdp(new TextDecoder().decode(held.response?.body));
    await expect.poll(() => holdsOf(legId)).toEqual(["legHeld"]);
    const offer = await offerFor(around[side], describeVoice({}));
    expect(offer.media[0]).toMatchObject({ direction: "sendrecv" });
    expect(offer.media[0]?.formats[0]).toBe("8");
    expect(offer.origin.sessionId).toBe(heldBy?.origin.sessionId);
    expect(Number(offer.origin.version)).toBeGreaterThan(Number(heldBy?.origin.version));
    await expect.poll(() => holdsOf(legId)).toEqual(["legHeld", "legUnheld"]);
  });

  it("holds by its answer, too; media that were refused before keep their place", async () => {
    around = await startEngineWithCall({}, { min: 24_400, max: 24_499 });
    const { legId, call } = around.caller;
    await call.reinvite(`${describeVoice({})}m=video 40002 RTP/AVP 99\r\na=rtpmap:99 H264/90000\r\n`);
    const offer = await offerFor(around.caller, describeVoice({}, "sendonly"));
    expect(offer.media.map(({ media, port }) => [media, port > 0])).toEqual([
      ["audio", true],
      ["video", false],
    ]);
    await expect.poll(() => holdsOf(legId)).toEqual(["legHeld"]);
  });
});
