import { randomBytes } from "node:crypto";
import { openUdp, printReplaces } from "@pbx-x/sip";
import { Phone, PhoneSubscription, realScheduler } from "@pbx-x/sip/testing";
import { afterAll, beforeAll, expect, it } from "vitest";
import type { Baresip } from "./src/baresip.ts";
import { startWorld, type World } from "./src/world.ts";

let world: World;
let anna: Baresip;
let desk: Phone;
beforeAll(async () => {
  world = await startWorld();
  anna = await world.startPhone("200");
  await world.startPhone("201");
  const [address = "", port = "0"] = world.pbx.udp.split(":");
  const { number, password } = world.user("202");
  desk = await Phone.open({
    scheduler: realScheduler,
    randomText: () => randomBytes(8).toString("hex"),
    user: number,
    password,
    server: { transport: "udp", address, port: Number(port) },
    transports: [(around) => openUdp({ host: "127.0.0.1", port: 0 }, around)],
  });
});
afterAll(async () => {
  await desk?.close();
  await world?.stop();
});

it("[C34] a lamp's key picks up: the watcher is told the ringing dialog and takes its place by INVITE with Replaces", async () => {
  const watched = await desk.subscribe("201", { event: "dialog" });
  if (!(watched instanceof PhoneSubscription)) throw new Error("the subscription was refused");
  await anna.command("dial", "201");
  const { body } = await watched.notifications.next((told) => told.body.includes("<state>early</state>"));
  const attribute = (name: string): string => new RegExp(` ${name}="([^"]+)"`).exec(body)?.[1] ?? "";
  const dialog = {
    callId: attribute("call-id"),
    localTag: attribute("remote-tag"),
    remoteTag: attribute("local-tag"),
  };
  // As such phones do, to the caller.
  const call = desk.call("200", {
    headers: [{ name: "Replaces", value: printReplaces({ dialog, earlyOnly: true }) }],
  });
  await call.events.next(({ type }) => type === "answered");
  const answered = await world.cti.waitFor("CALL_ANSWERED");
  expect(answered.data).toMatchObject({ answeredBy: { number: "202" }, causedBy: { via: "phone" } });
  expect(world.cti.typesOf(String(answered.data["callId"]))).toEqual(["CALL_CREATED", "CALL_RINGING", "CALL_ANSWERED"]);
  await watched.notifications.next((told) => told.body.includes("<state>terminated</state>"));
  await call.hangUp();
  await world.cti.waitFor("CALL_ENDED");
});
