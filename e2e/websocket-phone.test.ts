import { once } from "node:events";
import {
  createDigestClient,
  createRequest,
  createResponse,
  parseMessage,
  printMessage,
  printUri,
  type SipMessage,
  sipUri,
  tagOf,
} from "@pbx-x/sip";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { WebSocket } from "ws";
import { playSipp } from "./src/sipp.ts";
import { scenario, uac } from "./src/sipp-scenario.ts";
import { startWorld, type World } from "./src/world.ts";

let world: World;
beforeAll(async () => {
  world = await startWorld({ env: { PBXX_SIP_WS_PORT: "0" } });
});
afterAll(() => world?.stop());

/** The least of a phone in a browser: registers over the socket, and is busy. */
async function startBusyPhone(user: { readonly number: string; readonly password: string }): Promise<WebSocket> {
  const socket = new WebSocket(`ws://127.0.0.1:${world.server.ready.sip.ws}`, "sip");
  await once(socket, "open");
  const domain = sipUri({ host: "pbx-x.example" });
  const identity = { uri: sipUri({ user: user.number, host: "pbx-x.example" }), params: new Map() };
  const client = createDigestClient({ username: user.number, password: user.password }, () => crypto.randomUUID());
  const send = (message: SipMessage): void => socket.send(new TextDecoder().decode(printMessage(message)));
  const register = (cseq: number, authorization: readonly { name: string; value: string }[]): void =>
    send(
      createRequest({
        method: "REGISTER",
        uri: domain,
        from: { ...identity, params: new Map([["tag", "browser"]]) },
        to: identity,
        callId: "a-browser",
        cseq,
        via: [
          {
            transport: "WS",
            host: "df7jal23ls0d.invalid",
            branch: `z9hG4bKws${cseq}`,
            params: new Map([["branch", `z9hG4bKws${cseq}`]]),
          },
        ],
        headers: [
          { name: "Contact", value: `<sip:${user.number}@df7jal23ls0d.invalid;transport=ws>;expires=300` },
          { name: "User-Agent", value: "A browser" },
          ...authorization,
        ],
      }),
    );
  const isRegistered = new Promise<void>((resolve, reject) => {
    socket.on("message", (data: Buffer) => {
      const parsed = parseMessage(data);
      if (!parsed.ok) return reject(new Error("not SIP"));
      const { message } = parsed;
      if (message.kind === "request") {
        if (message.method === "INVITE") send(createResponse(message, 486, { toTag: "busy" }));
        return;
      }
      if (message.status === 401) {
        const value = client.authorize(message.headers.getAll("WWW-Authenticate"), {
          method: "REGISTER",
          uri: printUri(domain),
        });
        register(2, value === undefined ? [] : [{ name: "Authorization", value }]);
      } else if (message.status === 200 && tagOf(message.to) !== undefined) resolve();
      else reject(new Error(`the registration was refused: ${message.status}`));
    });
  });
  register(1, []);
  await isRegistered;
  return socket;
}

describe("a phone over WebSocket (RFC 7118)", () => {
  it("[E1] registers, is called on its own connection, and is gone when that is closed", async () => {
    const phone = await startBusyPhone(world.user("201"));
    const { data } = await world.cti.waitFor("EXTENSION_REGISTERED", (event) => event.data["number"] === "201");
    expect(data).toMatchObject({ transport: "ws", userAgent: "A browser", ipAddress: "127.0.0.1" });
    const calling = await playSipp({
      scenario: scenario("calls a busy browser", uac.invite(), uac.expectRefusal(486)),
      user: world.user("200"),
      dials: "201",
      pbx: world.pbx.udp,
    });
    await calling.done;
    expect((await world.cti.waitFor("CALL_ENDED")).data).toMatchObject({ hangupCause: "busy", hangupBy: "callee" });
    phone.terminate();
    const gone = await world.cti.waitFor("EXTENSION_UNREGISTERED", (event) => event.data["number"] === "201");
    expect(gone.data).toMatchObject({ reason: "timeout", remainingRegistrations: 0 });
  });

  it("has to speak the sub-protocol sip", async () => {
    const socket = new WebSocket(`ws://127.0.0.1:${world.server.ready.sip.ws}`);
    const [error] = (await once(socket, "error")) as [Error];
    expect(error.message).toContain("401");
  });
});
