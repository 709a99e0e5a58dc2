import { describe, expect, test } from "vitest";
import { Phone } from "../testing/phone.ts";
import { busy, call, idle, openNotifier, summary } from "./notifier-testbench.ts";

const header = (name: string, value: string) => ({ name, value });
const documentsOf = ({ notifications }: { notifications: { all: readonly Parameters<typeof summary>[0][] } }) =>
  notifications.all.map(summary);

describe("SUBSCRIBE", () => {
  test("[L1] [L2] is answered 200, with the state right after it", async () => {
    const { watch, notifier } = await openNotifier();
    const subscription = await watch({ expiresSeconds: 600 });
    expect(documentsOf(subscription)).toEqual(["0 full: idle terminated"]);
    const [first] = subscription.notifications.all;
    expect(first?.request.headers.get("Event")).toBe("dialog");
    expect(first?.request.headers.get("Content-Type")).toBe("application/dialog-info+xml");
    expect(first?.request.headers.get("Contact")).toBe("<sip:201@192.0.2.1:5060>");
    expect(first?.state).toEqual({ state: "active", expiresSeconds: 600 });
    expect(notifier.size).toBe(1);
  });

  test.each([
    ["no Event", "201", { event: "" }, 489],
    ["an unknown package", "201", { event: "refer" }, 489],
    ["the mailbox of another", "201", { event: "message-summary" }, 403],
    ["an unknown number", "999", {}, 404],
    ["another body", "201", { headers: [header("Accept", "application/pidf+xml")] }, 406],
    ["too short a time", "201", { expiresSeconds: 10 }, 423],
    ["a malformed Event", "201", { event: "dialog;=" }, 489],
  ])("[L1] refused: %s", async (_, to, options, status) => {
    const { ask, notifier } = await openNotifier();
    const answer = await ask(to, options);
    expect(answer.status).toBe(status);
    if (status === 489) expect(answer.headers.get("Allow-Events")).toBe("dialog, presence, message-summary");
    if (status === 423) expect(answer.headers.get("Min-Expires")).toBe("60");
    expect(notifier.size).toBe(0);
  });

  test("[L1] refused: no Contact, a malformed Expires", async () => {
    const { phone, final } = await openNotifier();
    const event = header("Event", "dialog");
    const contact = header("Contact", "<sip:200@192.0.2.2>");
    expect((await final(phone.request("SUBSCRIBE", { to: "201", headers: [event] }))).status).toBe(400);
    const soon = header("Expires", "soon");
    expect((await final(phone.request("SUBSCRIBE", { to: "201", headers: [event, contact, soon] }))).status).toBe(400);
  });

  test.each(["*/*", "application/*", "text/plain, application/dialog-info+xml;q=0.5"])(
    "[L1] accepts what allows the body: %s",
    async (accept) => {
      const { watch } = await openNotifier();
      expect(documentsOf(await watch({ headers: [header("Accept", accept)] }))).toHaveLength(1);
    },
  );

  test("[L1] a longer time is shortened, a missing one is the longest", async () => {
    const { phone, final } = await openNotifier({ maxExpires: 1800 });
    const headers = [header("Event", "dialog"), header("Contact", "<sip:200@192.0.2.2>")];
    const long = phone.request("SUBSCRIBE", { to: "201", headers: [...headers, header("Expires", "7200")] });
    expect((await final(long)).headers.get("Expires")).toBe("1800");
    expect((await final(phone.request("SUBSCRIBE", { to: "201", headers }))).headers.get("Expires")).toBe("1800");
  });

  test("[L2] for no time only fetches: one NOTIFY, terminated, nothing kept", async () => {
    const { watch, notifier, scheduler, endpoint } = await openNotifier();
    const subscription = await watch({ expiresSeconds: 0 });
    expect(documentsOf(subscription)).toEqual(["0 full: idle terminated"]);
    expect(subscription.notifications.all[0]?.state).toEqual({ state: "terminated", reason: "timeout" });
    scheduler.drain();
    expect([notifier.size, endpoint.dialogs, endpoint.transactions]).toEqual([0, 0, 0]);
  });

  test("the id of the Event comes back in every NOTIFY", async () => {
    const { watch } = await openNotifier();
    const { notifications } = await watch({ event: "dialog;id=7;call-id=x" });
    expect(notifications.all[0]?.request.headers.get("Event")).toBe("dialog;id=7");
  });

  test("[L6] there is an end to it: per watcher and in all", async () => {
    const { ask, watch, final, notifier } = await openNotifier({ maxPerWatcher: 2 });
    await watch();
    const second = await watch();
    const refused = await ask("201");
    expect([refused.status, refused.headers.get("Retry-After")]).toEqual([503, "60"]);
    await final(second.unsubscribe());
    await watch();
    expect(notifier.size).toBe(2);
    const all = await openNotifier({ maxSubscriptions: 1 });
    await all.watch();
    expect((await all.ask("201")).status).toBe(503);
  });
});

describe("what changes", () => {
  test("[L3] a call from ringing to its end; versions rise by one", async () => {
    const { watch, notifier, scheduler } = await openNotifier();
    const subscription = await watch();
    for (const state of ["early", "confirmed"] as const) {
      scheduler.advance(1000);
      notifier.publish("201", busy(call("a", state)));
    }
    scheduler.advance(1000);
    notifier.publish("201", idle);
    scheduler.advance(1000);
    expect(documentsOf(subscription)).toEqual([
      "0 full: idle terminated",
      "1 full: a early",
      "2 full: a confirmed",
      "3 full: a terminated",
    ]);
  });

  test("[L3] nothing is told where the package sees no difference", async () => {
    const { watch, notifier, scheduler } = await openNotifier();
    const lamp = await watch();
    const presence = await watch({ event: "presence" });
    scheduler.advance(1000);
    notifier.publish("201", { ...idle, presence: { status: "away" } });
    scheduler.advance(1000);
    expect([lamp.notifications.all.length, presence.notifications.all.length]).toEqual([1, 2]);
    notifier.publish("201", { ...busy(call("a", "early")), presence: { status: "away" } });
    scheduler.advance(1000);
    expect([lamp.notifications.all.length, presence.notifications.all.length]).toEqual([2, 2]);
  });

  test("[L3] a part where the whole is too long for a datagram, by TCP always the whole", async () => {
    for (const transport of ["udp", "tcp"] as const) {
      const { watch, notifier, scheduler } = await openNotifier({ transport });
      const subscription = await watch();
      const remote = { number: "305", name: "Ben with a name of some length" };
      const both = [call("a", "confirmed", { remote }), call("b", "confirmed", { remote })];
      scheduler.advance(1000);
      notifier.publish("201", busy(...both));
      scheduler.advance(1000);
      notifier.publish("201", busy(...both, call("c", "early", { remote })));
      scheduler.advance(1000);
      notifier.publish("201", busy(...both));
      scheduler.advance(1000);
      expect(documentsOf(subscription).slice(2)).toEqual(
        transport === "udp"
          ? ["2 partial: c early", "3 partial: c terminated"]
          : ["2 full: a confirmed, b confirmed, c early", "3 full: a confirmed, b confirmed, c terminated"],
      );
    }
  });

  test("[L4] many changes in a moment: a few NOTIFYs, the last state among them", async () => {
    const { watch, notifier, scheduler } = await openNotifier();
    const subscription = await watch();
    for (let round = 0; round < 200; round += 1) {
      notifier.publish("201", round % 2 === 0 ? busy(call(`call-${round}`, "early")) : idle);
      scheduler.advance(5);
    }
    notifier.publish("201", busy(call("last", "confirmed")));
    scheduler.advance(1000);
    const documents = documentsOf(subscription);
    expect(documents.length).toBeLessThanOrEqual(6);
    expect(documents.at(-1)).toMatch(/last confirmed/);
    expect(documents.map((text) => Number.parseInt(text, 10))).toEqual(documents.map((_, index) => index));
  });

  test("[L4] what comes back to the told state in time is not told", async () => {
    const { watch, notifier, scheduler } = await openNotifier();
    const subscription = await watch();
    notifier.publish("201", busy(call("a", "early")));
    notifier.publish("201", idle);
    scheduler.advance(1000);
    expect(documentsOf(subscription)).toHaveLength(1);
  });

  test("[L4] the next NOTIFY waits for the answer to the last; lost ones are sent again", async () => {
    const { watch, notifier, scheduler, network } = await openNotifier();
    const subscription = await watch();
    scheduler.advance(1000);
    const lostUntilMs = scheduler.now() + 3000;
    network.drop = ({ to, atMs }) => to.address === "192.0.2.2" && atMs < lostUntilMs;
    notifier.publish("201", busy(call("a", "early")));
    scheduler.advance(500);
    notifier.publish("201", busy(call("a", "confirmed")));
    scheduler.advance(500);
    notifier.publish("201", idle);
    scheduler.advance(10_000);
    expect(documentsOf(subscription).slice(1)).toEqual(["1 full: a early", "2 full: a terminated"]);
  });
});

describe("the end of a subscription", () => {
  test("[L2] a refresh keeps it and tells everything anew; without one it runs out", async () => {
    const { watch, final, notifier, scheduler } = await openNotifier();
    const subscription = await watch({ expiresSeconds: 60 });
    scheduler.advance(50_000);
    expect((await final(subscription.refresh(60))).headers.get("Expires")).toBe("60");
    scheduler.advance(50_000);
    expect(notifier.size).toBe(1);
    scheduler.advance(11_000);
    expect(notifier.size).toBe(0);
    expect(documentsOf(subscription)).toHaveLength(3);
    expect(subscription.notifications.all.map(({ state }) => state?.state)).toEqual(["active", "active", "terminated"]);
    expect(subscription.notifications.all.at(-1)?.state?.reason).toBe("timeout");
    expect((await final(subscription.refresh(60))).status).toBe(481);
  });

  test("[L2] unsubscribing", async () => {
    const { watch, final, notifier, scheduler, endpoint } = await openNotifier();
    const subscription = await watch();
    expect((await final(subscription.unsubscribe())).status).toBe(200);
    expect(subscription.notifications.all.at(-1)?.state).toEqual({ state: "terminated", reason: "timeout" });
    scheduler.drain();
    expect([notifier.size, endpoint.dialogs, endpoint.transactions, scheduler.pending()]).toEqual([0, 0, 0, 0]);
  });

  test("[L2] the number is gone, the watcher may not any more", async () => {
    const { watch, ask, notifier, scheduler } = await openNotifier();
    const subscription = await watch();
    expect([notifier.withdraw("201"), notifier.withdraw("201")]).toEqual([true, false]);
    scheduler.advance(0);
    expect(subscription.notifications.all.at(-1)?.state).toEqual({ state: "terminated", reason: "noresource" });
    expect((await ask("201")).status).toBe(404);
    notifier.publish("201", idle);
    const second = await watch();
    notifier.endOf("200");
    scheduler.advance(0);
    expect(second.notifications.all.at(-1)?.state).toEqual({ state: "terminated", reason: "rejected" });
  });

  test("[L2] a restarted server knows no watcher: 481", async () => {
    const { watch, final, notifier } = await openNotifier();
    const subscription = await watch();
    notifier.close();
    expect((await final(subscription.refresh(600))).status).toBe(481);
  });

  test.each([481, 408, 404, 489])("[L5] a NOTIFY answered %i", async (status) => {
    const { watch, notifier, scheduler } = await openNotifier();
    const subscription = await watch();
    subscription.answer = status;
    scheduler.advance(1000);
    notifier.publish("201", busy(call("a", "early")));
    scheduler.advance(1000);
    expect(notifier.size).toBe(0);
    expect(documentsOf(subscription)).toHaveLength(2);
  });

  test("[L5] a NOTIFY without an answer", async () => {
    const { watch, notifier, scheduler, endpoint } = await openNotifier();
    const subscription = await watch();
    subscription.answer = 0;
    scheduler.advance(1000);
    notifier.publish("201", busy(call("a", "early")));
    scheduler.advance(31_000);
    expect(notifier.size).toBe(1);
    scheduler.advance(2000);
    expect([notifier.size, endpoint.dialogs]).toEqual([0, 0]);
  });

  test("[L5] a NOTIFY refused for now is followed by the whole state; three in a row are enough", async () => {
    const { watch, notifier, scheduler } = await openNotifier();
    const subscription = await watch();
    subscription.answer = 503;
    subscription.answerHeaders = [header("Retry-After", "20")];
    scheduler.advance(1000);
    notifier.publish("201", busy(call("a", "early")));
    scheduler.advance(19_000);
    expect(documentsOf(subscription)).toHaveLength(2);
    scheduler.advance(2000);
    expect(documentsOf(subscription).at(-1)).toBe("2 full: a early");
    expect(notifier.size).toBe(1);
    scheduler.advance(20_000);
    expect(notifier.size).toBe(0);
  });

  test("[L5] its connection ended", async () => {
    const { watch, notifier, phone, scheduler } = await openNotifier({ transport: "tcp" });
    await watch();
    await phone.close();
    scheduler.advance(0);
    expect(notifier.size).toBe(0);
  });
});

describe("inside a subscription", () => {
  test("[L7] NOTIFYs go back over the watcher's connection", async () => {
    const { watch, network, notifier, scheduler } = await openNotifier({ transport: "tcp" });
    const subscription = await watch();
    scheduler.advance(1000);
    notifier.publish("201", busy(call("a", "early")));
    scheduler.advance(0);
    expect(documentsOf(subscription)).toHaveLength(2);
    // Without its name a connection would be looked for, or opened.
    const fromPbx = network.sent.filter(({ from }) => from.address === "192.0.2.1");
    expect(new Set(fromPbx.map(({ to }) => to.flowId)).size).toBe(1);
    expect(fromPbx[0]?.to.flowId).toBeDefined();
  });

  test("[L7] NOTIFYs follow a watcher whose address changed", async () => {
    const { watch, network, notifier, scheduler, phone } = await openNotifier();
    const subscription = await watch();
    const moved = await Phone.open({
      scheduler,
      randomText: () => "moved",
      user: "200",
      server: { transport: "udp", address: "192.0.2.1", port: 5060 },
      transports: [(events) => network.open({ host: "192.0.2.3", port: 40_000 }, events)],
    });
    subscription.forget();
    expect(phone.endpoint.dialogs).toBe(0);
    moved.endpoint.sendInDialog(subscription.dialog, "SUBSCRIBE", { headers: [header("Event", "dialog")] });
    scheduler.advance(1000);
    notifier.publish("201", busy(call("a", "early")));
    scheduler.advance(0);
    const notify = network.sent.findLast(({ bytes }) => new TextDecoder().decode(bytes).startsWith("NOTIFY"));
    expect(notify?.to).toMatchObject({ address: "192.0.2.3", port: 40_000 });
  });

  test("another Event, another method, too short a time are refused and change nothing", async () => {
    const { watch, final, notifier, phone } = await openNotifier();
    const subscription = await watch();
    const contact = header("Contact", "<sip:200@192.0.2.2>");
    const other = subscription.refresh(600, [header("Event", "presence"), contact]);
    expect((await final(other)).status).toBe(489);
    expect((await final(subscription.refresh(5))).status).toBe(423);
    const statuses: number[] = [];
    phone.endpoint.sendInDialog(
      subscription.dialog,
      "INFO",
      {},
      { onResponse: ({ status }) => void statuses.push(status) },
    );
    await final(subscription.refresh(600));
    expect(statuses).toEqual([405]);
    expect(notifier.size).toBe(1);
  });
});
