import { serveParent } from "../child.ts";
import { type AriConnection, type AriEvent, type AriPlace, connectAri } from "./ari-connection.ts";

// Peer: an application that controls the calls of an Asterisk over ARI, the least that connects two phones. The dial plan hands
// it each call of a phone by Stasis(<application>,in,<number>).

interface Call {
  readonly caller: string;
  readonly callee: string;
  readonly bridge: string;
  isAnswered: boolean;
  isEnded: boolean;
}

const calls = new Map<string, Call>();
let ari: AriConnection | undefined;
let application = "";
let counter = 0;
let failures = 0;

serveParent(async (request) => {
  switch (request["do"]) {
    case "connect": {
      const place = request["place"] as AriPlace;
      application = place.application;
      ari = await connectAri(place, (event) => void handle(event).catch(() => (failures += 1)));
      return undefined;
    }
    case "failures":
      return failures;
    default:
      throw new Error("unknown request");
  }
});

async function ask(method: "POST" | "DELETE", path: string): Promise<void> {
  await ari?.request(method, path);
}

async function handle(event: AriEvent): Promise<void> {
  const channel = event.channel?.id ?? "";
  switch (event.type) {
    case "StasisStart":
      return event.args?.[0] === "in" ? begin(channel, event.args[1] ?? "") : dial(calls.get(channel));
    case "Dial":
      return onDial(calls.get(event.peer?.id ?? ""), event.dialstatus ?? "");
    case "ChannelDestroyed":
      return end(calls.get(channel), channel, event.cause ?? 16);
    default:
      return undefined;
  }
}

async function begin(caller: string, number: string): Promise<void> {
  counter += 1;
  const id = `bench-${process.pid}-${counter}`;
  const call: Call = { caller, callee: `${id}-b`, bridge: `${id}-bridge`, isAnswered: false, isEnded: false };
  calls.set(call.caller, call);
  calls.set(call.callee, call);
  await ask("POST", `bridges/${call.bridge}?type=mixing`);
  const query = `endpoint=PJSIP/${number}&app=${application}&appArgs=dialled&channelId=${call.callee}&originator=${caller}`;
  await ask("POST", `channels/create?${query}`);
}

async function dial(call: Call | undefined): Promise<void> {
  if (call === undefined) return;
  await ask("POST", `bridges/${call.bridge}/addChannel?channel=${call.callee}`);
  await ask("POST", `channels/${call.callee}/dial?caller=${call.caller}&timeout=30`);
}

async function onDial(call: Call | undefined, status: string): Promise<void> {
  if (call === undefined || call.isAnswered) return;
  if (status === "RINGING") return ask("POST", `channels/${call.caller}/ring`);
  if (status !== "ANSWER") return;
  call.isAnswered = true;
  await ask("POST", `channels/${call.caller}/answer`);
  await ask("POST", `bridges/${call.bridge}/addChannel?channel=${call.caller}`);
}

/** The first of its channels that ends takes the other with it; then the bridge goes. */
async function end(call: Call | undefined, channel: string, cause: number): Promise<void> {
  if (call === undefined) return;
  calls.delete(channel);
  if (call.isEnded) return ask("DELETE", `bridges/${call.bridge}`);
  call.isEnded = true;
  await ask("DELETE", `channels/${channel === call.caller ? call.callee : call.caller}?reason_code=${cause}`);
}
