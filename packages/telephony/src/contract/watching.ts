import { expect, it } from "vitest";
import type { Operation } from "../operations.ts";
import type { WatchedDialog, WatchedState } from "../watched-state.ts";
import type { ContractWorld } from "./contract-world.ts";
import type { ContractWatch } from "./harness.ts";

const idle: WatchedState = { displayName: "Lisa Weber", dialogs: [], presence: { status: "available", note: "Here" } };
const ringing: WatchedDialog = {
  dialogId: "call-1",
  direction: "recipient",
  state: "early",
  remote: { number: "202", name: "Tom" },
  isHeld: false,
};

/** Lamps and presence of numbers, at the phones that watch them. */
export function testWatching(world: () => ContractWorld): void {
  const publish = (state: WatchedState, number = "201"): Promise<void> =>
    world().perform({ op: "publishState", number, state });
  /** Watchers are told at a bounded pace, so each step is waited for. */
  const sees = async (watch: ContractWatch, last: string): Promise<void> => {
    await world().harness.until(
      () => {
        world().harness.advance(100);
        return watch.sees.at(-1) === last;
      },
      `phone sees "${last}", not only "${watch.sees.join('", "')}"`,
    );
  };

  it("refuses where it lacks it", async () => {
    const operation: Operation = { op: "publishState", number: "201", state: idle };
    expect(await world().attempt(operation)).toMatchObject({ ok: world().engine.capabilities.watching });
  });

  it("[L1] [L2] shows a watching phone the state at once, then the life of a call", async () => {
    await publish(idle);
    const anna = await world().phone("200");
    const lamp = await anna.phone.watch("201", "dialog");
    await sees(lamp, "idle");
    await publish({ ...idle, dialogs: [ringing] });
    await sees(lamp, "recipient early 202");
    await publish({ ...idle, dialogs: [{ ...ringing, state: "confirmed" }] });
    await sees(lamp, "recipient confirmed 202");
    await publish({ ...idle, dialogs: [{ ...ringing, state: "confirmed", isHeld: true }] });
    await sees(lamp, "recipient confirmed held 202");
    await publish(idle);
    await sees(lamp, "idle");
    expect(lamp.sees).toHaveLength(5);
    expect(lamp.isOver).toBe(false);
  });

  it("shows no caller where none is told, and several calls", async () => {
    const { remote: _, ...hidden } = ringing;
    await publish({ ...idle, dialogs: [{ ...hidden, direction: "initiator", state: "confirmed" }, ringing] }, "701");
    const lamp = await (await world().phone("200")).phone.watch("701", "dialog");
    await sees(lamp, "initiator confirmed hidden, recipient early 202");
  });

  it("[L1] shows presence with the user's own words, and lamps to those who want lamps", async () => {
    await publish(idle);
    const { phone } = await world().phone("200");
    const [presence, lamp] = [await phone.watch("201", "presence"), await phone.watch("201", "dialog")];
    await sees(presence, "open Here");
    await publish({ ...idle, presence: { status: "dnd", note: "Not now" } });
    await sees(presence, "closed Not now");
    await publish({ ...idle, presence: { status: "away", note: "Lunch" } });
    await sees(presence, "open Lunch");
    await sees(lamp, "idle");
    expect(lamp.sees).toHaveLength(1);
  });

  it("[L11] shows a phone its own mailbox when it asks, and no other phone", async () => {
    const messages = { account: "*97", unread: 1, read: 0, urgentUnread: 1, urgentRead: 0 };
    await publish({ ...idle, messages });
    await publish(idle, "202");
    const { phone } = await world().phone("201");
    const lamp = await phone.watch("201", "message-summary");
    await sees(lamp, "1/0 (1/0)");
    await publish({ ...idle, presence: { status: "away" }, messages });
    await publish({ ...idle, messages: { ...messages, unread: 0, read: 3, urgentUnread: 0, urgentRead: 1 } });
    await sees(lamp, "0/3 (0/1)");
    expect(lamp.sees).toHaveLength(2);
    await expect(phone.watch("202", "message-summary")).rejects.toThrow();
  });

  it("[L11] tells phones of their mailbox that did not ask, at each registration and change", async () => {
    const messages = { account: "*97", unread: 1, read: 0, urgentUnread: 0, urgentRead: 0 };
    const until = (isReached: () => boolean, what: string) => world().harness.until(isReached, what);
    await publish({ ...idle, messages });
    const silent = (await world().phone("201")).phone;
    await until(() => silent.messagesTold.join() === "1/0 (0/0)", "the lamp is told at the registration");
    const asking = (await world().phone("201")).phone;
    await until(() => asking.messagesTold.length === 1, "each device is told");
    const lamp = await asking.watch("201", "message-summary");
    await sees(lamp, "1/0 (0/0)");
    const other = (await world().phone("200")).phone;
    await publish({ ...idle, messages: { ...messages, unread: 2 } });
    await until(() => silent.messagesTold.length === 2, "the lamp is told the change");
    await sees(lamp, "2/0 (0/0)");
    await publish({ ...idle, presence: { status: "away" }, messages: { ...messages, unread: 2 } });
    await publish(idle);
    await until(() => silent.messagesTold.length === 3, "the lamp is told that nothing is left");
    await sees(lamp, "0/0 (0/0)");
    expect(silent.messagesTold).toEqual(["1/0 (0/0)", "2/0 (0/0)", "0/0 (0/0)"]);
    await publish({ ...idle, messages });
    await until(() => silent.messagesTold.length === 4, "the lamp is told the next message");
    await silent.register();
    await until(() => silent.messagesTold.length === 5, "the lamp is told when the phone registers again");
    expect([asking.messagesTold.length, other.messagesTold.length]).toEqual([1, 0]);
  });

  it("[L1] [L2] ends with the number, which nobody can watch any more", async () => {
    await publish(idle);
    const { phone } = await world().phone("200");
    const lamp = await phone.watch("201", "dialog");
    await sees(lamp, "idle");
    await world().perform({ op: "withdrawState", number: "201" });
    await world().harness.until(() => lamp.isOver, "the watch is over");
    await expect(phone.watch("201", "dialog")).rejects.toThrow();
    await world().perform({ op: "withdrawState", number: "201" });
  });

  it("[L2] forgets a phone that watches no more", async () => {
    await publish(idle);
    const lamp = await (await world().phone("200")).phone.watch("201", "dialog");
    await sees(lamp, "idle");
    expect(world().engine.usage().subscriptions).toBe(1);
    await lamp.stop();
    await world().harness.until(() => world().engine.usage().subscriptions === 0, "no subscription is left");
  });
}
