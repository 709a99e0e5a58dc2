import { describe, expect, it } from "vitest";
import { createOutsideTestbench } from "../calls/outside-testbench.ts";
import { createTalkingBench } from "../parking/parking-testbench.ts";
import { defaultRoom } from "./conference-room.ts";

const room = { ...defaultRoom, id: "room", number: "400", name: "Team Meeting" };

describe("ways into a conference", () => {
  it("[V2] [C1] [C30] a call that is passed on to it goes on under its id; who was passed on is in it", async () => {
    const { rooms, commands, as, settle, callId, callerLeg, calleeLeg, engine, last, since } =
      await createTalkingBench();
    rooms.push(room);
    const answer = await commands.transferBlind({ callId, destination: "400" }, as("201"));
    await settle();
    expect(answer).toMatchObject({ ok: true });
    expect(since()).toEqual(["CALL_TRANSFERRED", "CALL_RINGING", "CALL_ANSWERED"]);
    expect(last("CONFERENCE_PARTICIPANT_JOINED")).toMatchObject({ callId, displayName: "Anna Schmidt" });
    expect(engine.leg(calleeLeg)?.state).toBe("ended");
    engine.hangup(callerLeg);
    await settle();
    expect(last("CONFERENCE_ENDED")).toMatchObject({ conferenceId: "room", totalParticipants: 1 });
    expect(engine.usage()).toMatchObject({ legs: 0, bridges: 0, playbacks: 0 });
  });

  it("[V2] [C39] a phone that passes its call on to it by itself hears that it worked", async () => {
    const { rooms, settle, callId, calleeLeg, engine, last } = await createTalkingBench();
    rooms.push(room);
    const requestId = engine.transferBlind(calleeLeg, "400");
    await settle();
    expect(engine.transfer(requestId)).toMatchObject({ outcome: "done" });
    expect(last("CONFERENCE_PARTICIPANT_JOINED")).toMatchObject({ callId, number: "200" });
  });

  it("[V2] [C15] an extension that is forwarded to it", async () => {
    const forwarding = { forwardUnconditionalEnabled: true, forwardUnconditionalDestination: "400" };
    const bench = await createOutsideTestbench({ extensions: { "201": forwarding } });
    bench.rooms.push(room);
    await bench.dial("201");
    expect(bench.last("CALL_ANSWERED")).toMatchObject({ answeredBy: { number: "400", name: "Team Meeting" } });
    expect(bench.last("CONFERENCE_PARTICIPANT_JOINED")).toMatchObject({ number: "200" });
  });

  it("[V2] [C16] a call from outside by an inbound rule; its caller has no user", async () => {
    const bench = await createOutsideTestbench({ inbound: [{ destination: { kind: "internal", number: "400" } }] });
    bench.rooms.push(room);
    const caller = await bench.deliver("+49305550", { number: "01701234567", name: "Max" });
    expect(bench.last("CALL_CREATED")).toMatchObject({ direction: "inbound", callee: { name: "Team Meeting" } });
    expect(bench.last("CONFERENCE_STARTED")).not.toHaveProperty("startedBy");
    expect(bench.last("CONFERENCE_PARTICIPANT_JOINED")).toMatchObject({ displayName: "Max", number: "+491701234567" });
    bench.engine.hangup(caller);
    await bench.settle();
    expect(bench.last("CONFERENCE_ENDED")).toMatchObject({ reason: "last_left" });
  });

  it("[V2] [W41] click-to-call: the own phone rings first, then it is in", async () => {
    const bench = await createOutsideTestbench();
    bench.rooms.push(room);
    await bench.commands.originate({ from: "200", to: "400" }, bench.as("200"));
    await bench.settle();
    bench.engine.answer(bench.ringing());
    await bench.settle();
    expect(bench.last("CONFERENCE_PARTICIPANT_JOINED")).toMatchObject({ displayName: "Anna Schmidt" });
  });

  it("[C4] the longest time of a call is over in a conference, too", async () => {
    const bench = await createOutsideTestbench();
    bench.rooms.push(room);
    await bench.dial("400");
    bench.scheduler.advance(4 * 3600_000);
    await bench.settle();
    expect(bench.last("CALL_ENDED")).toMatchObject({ hangupBy: "system" });
    expect(bench.last("CONFERENCE_ENDED")).toMatchObject({ durationSeconds: 4 * 3600, totalParticipants: 1 });
  });
});
