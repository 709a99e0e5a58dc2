import { setTimeout as pause } from "node:timers/promises";
import type { SoakCall, SoakPhone } from "./soak-phone.ts";
import type { Stage } from "./soak-world.ts";

/** One thing that people do with their phones, from beginning to end; rejects where it does not work. */
export interface Scenario {
  readonly name: string;
  run(stage: Stage): Promise<void>;
}

const talkMs = 1000;

/** A call that both answer; @returns both sides */
async function connectedCall(from: SoakPhone, to: SoakPhone, dialled = to.number): Promise<[SoakCall, SoakCall]> {
  const near = await from.dial(dialled);
  const far = await to.called();
  await Promise.all([near.talks(), far.talks()]);
  return [near, far];
}

async function over(...calls: readonly SoakCall[]): Promise<void> {
  await Promise.all(calls.map((call) => call.ends()));
}

export const scenarios: readonly Scenario[] = [
  {
    name: "call",
    run: async ({ phones: [one, two] }) => {
      const [near, far] = await connectedCall(one, two);
      await pause(talkMs);
      if (near.heard() === 0 || far.heard() === 0) throw new Error("the phones did not hear each other");
      far.end();
      await over(near, far);
    },
  },
  {
    name: "given up while it rings",
    run: async ({ phones: [one, two] }) => {
      two.answers = false;
      try {
        const near = await one.dial(two.number);
        const far = await two.called();
        await pause(200);
        near.end();
        await over(near, far);
      } finally {
        two.answers = true;
      }
    },
  },
  {
    name: "hold by phone and by command",
    run: async (stage) => {
      const [one, two] = stage.phones;
      const [near, far] = await connectedCall(one, two);
      const callId = await stage.callOf(one.number);
      await near.hold("sendonly");
      await pause(talkMs);
      await near.hold("sendrecv");
      const extensionId = stage.idOf(two.number);
      await stage.client.call.hold({ callId, extensionId });
      await pause(talkMs);
      await stage.client.call.unhold({ callId, extensionId });
      near.end();
      await over(near, far);
    },
  },
  {
    name: "blind transfer",
    run: async ({ phones: [one, two, three] }) => {
      const [near, far] = await connectedCall(one, two);
      await far.refer(three.number);
      const target = await three.called();
      await target.talks();
      far.end();
      await pause(talkMs);
      near.end();
      await over(near, far, target);
    },
  },
  {
    name: "consultation and attended transfer",
    run: async (stage) => {
      const [one, two, three] = stage.phones;
      const [near, far] = await connectedCall(one, two);
      const callId = await stage.callOf(one.number);
      const extensionId = stage.idOf(two.number);
      const consultation = await stage.client.call.consult({ callId, to: three.number, extensionId });
      const target = await three.called();
      await target.talks();
      await pause(talkMs);
      await stage.client.call.transferAttended({ callId, consultCallId: consultation.callId, extensionId });
      await pause(talkMs);
      near.end();
      await over(near, far, target);
    },
  },
  {
    name: "park and pick-up",
    run: async (stage) => {
      const [one, two, three] = stage.phones;
      const [near, far] = await connectedCall(one, two);
      const callId = await stage.callOf(one.number);
      const parked = await stage.client.call.park({ callId, extensionId: stage.idOf(two.number) });
      await pause(talkMs);
      const taken = await three.dial(parked.parkingSlot);
      await taken.talks();
      taken.end();
      await over(near, far, taken);
    },
  },
  {
    name: "queue",
    run: async ({ phones: [one, two], queue }) => {
      const [near, far] = await connectedCall(one, two, queue);
      await pause(talkMs);
      near.end();
      await over(near, far);
    },
  },
  {
    name: "conference",
    run: async ({ phones, room }) => {
      const calls: SoakCall[] = [];
      for (const phone of phones) {
        const call = await phone.dial(room);
        await call.talks();
        calls.push(call);
      }
      await pause(2 * talkMs);
      for (const call of calls) call.end();
      await over(...calls);
    },
  },
  {
    name: "voicemail",
    run: async (stage) => {
      const [one] = stage.phones;
      const call = await one.dial(stage.mailbox);
      await call.talks();
      // The greeting, the tone, and a message.
      await pause(11 * talkMs);
      call.end();
      await over(call);
      await pause(talkMs);
      const list = await stage.rest("GET", `/voicemail/messages?boxId=${stage.idOf(stage.mailbox)}`);
      const { data } = list as { readonly data: readonly { readonly id: string }[] };
      if (data.length === 0) throw new Error("no message was left");
      for (const { id } of data) await stage.rest("DELETE", `/voicemail/messages/${id}`);
    },
  },
];
