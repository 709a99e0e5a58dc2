import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { UasInvite } from "../user-agent/uas-invite.ts";
import { createRequest } from "../message/build.ts";
import { parseNameAddr } from "../message/name-addr.ts";
import { sipUri, type Uri } from "../message/uri.ts";
import type { Remote, TransportName } from "./transport.ts";
import { SocketBench } from "./transport-testbench.ts";

const names: readonly TransportName[] = ["udp", "tcp", "tls", "ws", "wss"];
const places = names.flatMap((name) => ["127.0.0.1", "::1"].map((host) => ({ name, host })));

describe.each(places)("SIP over $name at $host", ({ name, host }) => {
  let bench: SocketBench;

  beforeEach(async () => {
    bench = await SocketBench.open([name], host);
  });

  afterEach(() => bench.close());

  test("OPTIONS is answered", async () => {
    const phone = await bench.phone(name, host);
    expect((await phone.options()).status).toBe(200);
  });

  test("the answer tells where the request came from (RFC 3581)", async () => {
    const phone = await bench.phone(name, host);
    const { via } = await phone.options();
    const [source] = bench.sources;
    expect(source?.address).toBe(host);
    expect([via[0]?.params.get("received"), via[0]?.params.get("rport")]).toEqual([host, String(source?.port)]);
    expect(via[0]?.transport).toBe(name.toUpperCase());
  });

  test("a registered phone is reached on the way it came by", async () => {
    const phone = await bench.phone(name, host);
    await phone.register();
    const { request, remote } = await bench.requests.next();
    const contact = parseNameAddr(request.headers.get("Contact") ?? "")?.uri ?? sipUri({ host });
    const status = await sendOptions(bench, contact, remote);
    expect(status).toBe(200);
    await phone.options();
    expect(new Set(bench.sources.map(({ port, flowId }) => `${port} ${flowId}`)).size).toBe(1);
  });

  test("a call is answered, acknowledged and hung up", async () => {
    const phone = await bench.phone(name, host);
    const call = phone.call("200");
    const transaction = await bench.requests.next();
    const ended = new Promise<void>((resolve) => {
      const invite = UasInvite.begin(bench.endpoint, transaction, {
        onRequest: (inner) => {
          inner.respond(200);
          invite?.end();
          resolve();
        },
        onAck: () => undefined,
        onCancel: () => undefined,
        onFailure: () => undefined,
        onConfirmed: () => void call.hangUp(),
      });
      invite?.accept("v=0\r\n");
    });
    await ended;
    expect(call.events.all.map(({ type }) => type)).toEqual(["answered", "hung_up"]);
  });
});

describe.each(places.filter(({ name }) => name !== "udp"))("the connection of $name at $host", ({ name, host }) => {
  test("is told when it ends; what is sent to it afterwards fails at once", async () => {
    const bench = await SocketBench.open([name], host);
    const phone = await bench.phone(name, host);
    await phone.options();
    const { remote } = await bench.requests.next();
    await phone.close();
    expect(await bench.closedFlows.next()).toBe(remote.flowId);
    expect(await sendOptions(bench, sipUri({ host }), remote)).toBe("transport_error");
    await bench.close();
  });

  test("can be ended from this side", async () => {
    const bench = await SocketBench.open([name], host);
    const phone = await bench.phone(name, host);
    await phone.options();
    const { remote } = await bench.requests.next();
    bench.endpoint.transport(name)?.closeFlow(remote.flowId ?? "");
    expect(await bench.closedFlows.next()).toBe(remote.flowId);
    await bench.close();
  });
});

/** The final status, or why there is none. */
function sendOptions(bench: SocketBench, uri: Uri, remote: Remote) {
  const self = { uri: sipUri({ user: "pbx", host: "pbx.test" }), params: new Map([["tag", "server"]]) };
  const request = createRequest({
    method: "OPTIONS",
    uri,
    from: self,
    to: { uri, params: new Map() },
    callId: `options-${remote.port}`,
    cseq: 1,
  });
  return new Promise<number | string>((resolve) => {
    bench.endpoint.request(request, remote, {
      onResponse: ({ status }) => resolve(status),
      onFailure: resolve,
    });
  });
}
