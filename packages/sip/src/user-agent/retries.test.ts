import { describe, expect, test } from "vitest";
import { createDigestClient } from "../digest/digest-client.ts";
import { createDigestServer } from "../digest/digest-server.ts";
import { ha1 } from "../digest/digest-hash.ts";
import { createManualScheduler } from "../testing/manual-scheduler.ts";
import { createMemoryNetwork } from "../testing/memory-network.ts";
import { Phone } from "../testing/phone.ts";
import { createSeededRandom } from "../testing/seeded-random.ts";
import { createRequest, createResponse } from "../message/build.ts";
import type { SipRequest, SipResponse } from "../message/message.ts";
import { sipUri } from "../message/uri.ts";
import { ChallengeAnswers } from "./challenge-answers.ts";
import { Endpoint } from "./endpoint.ts";
import { UasInvite } from "./uas-invite.ts";
import { openTwoPhones, typesOf } from "./two-phones-testbench.ts";
import type { ServerTransaction } from "../transaction/server-transaction.ts";

const realm = "pbx.test";
const secretOf = (password: string) => {
  const parts = { username: "anna", realm, password };
  return { md5: ha1({ ...parts, algorithm: "MD5" }), sha256: ha1({ ...parts, algorithm: "SHA-256" }) };
};

/** Anna's phone at a server that asks for her password before `handle` sees the request. */
async function openServer(handle: (transaction: ServerTransaction) => void, password = "right", status = 401) {
  const scheduler = createManualScheduler(0);
  const network = createMemoryNetwork(scheduler);
  const random = createSeededRandom(3);
  const digest = createDigestServer({
    realm,
    secret: new Uint8Array(32),
    now: () => scheduler.now(),
    randomText: () => random.text(),
  });
  const [challenge, credentials] =
    status === 401
      ? (["WWW-Authenticate", "Authorization"] as const)
      : (["Proxy-Authenticate", "Proxy-Authorization"] as const);
  const methods: string[] = [];
  const endpoint = new Endpoint({
    scheduler,
    randomText: () => random.text(),
    userAgent: "Server",
    onRequest: (transaction) => {
      const { method, headers } = transaction.request;
      methods.push(method);
      const header = headers.get(credentials);
      const verdict = header === undefined ? undefined : digest.verify(header, { method }, () => secretOf("right"));
      if (verdict?.ok === true) handle(transaction);
      else {
        const values = digest.challenge().map((value) => ({ name: challenge, value }));
        transaction.respond(status, { toTag: "server", headers: values });
      }
    },
  });
  endpoint.add(network.open({ host: "192.0.2.2", port: 5060 }, endpoint.events));
  const anna = await Phone.open({
    scheduler,
    randomText: () => random.text(),
    user: "anna",
    password,
    server: { transport: "udp", address: "192.0.2.2", port: 5060 },
    transports: [(events) => network.open({ host: "192.0.2.1", port: 5060 }, events)],
  });
  return { scheduler, anna, endpoint, methods };
}

describe("a challenge", () => {
  test.each([401, 407])(
    "%i to an INVITE is answered once, with the next number and a branch of its own",
    async (status) => {
      const calls: ServerTransaction[] = [];
      const { scheduler, anna, methods } = await openServer(
        (transaction) => void calls.push(transaction),
        "right",
        status,
      );
      const call = anna.call("ben");
      scheduler.advance(0);
      calls[0]?.respond(486);
      scheduler.drain();
      expect(call.events.all).toMatchObject([{ type: "refused", status: 486 }]);
      expect(methods).toEqual(["INVITE", "INVITE"]);
      expect([calls[0]?.request.cseq.number, anna.endpoint.transactions]).toEqual([2, 0]);
    },
  );

  test("that is not satisfied ends the call with 401", async () => {
    const { scheduler, anna, methods } = await openServer(() => undefined, "wrong");
    const call = anna.call("ben");
    scheduler.drain();
    expect(call.events.all).toMatchObject([{ type: "refused", status: 401 }]);
    expect(methods).toEqual(["INVITE", "INVITE"]);
  });

  test("to REGISTER and MESSAGE is answered the same way", async () => {
    const { scheduler, anna } = await openServer((transaction) => void transaction.respond(200));
    const answers = [anna.register(), anna.request("MESSAGE", { to: "ben", body: "hello" })];
    scheduler.advance(0);
    expect((await Promise.all(answers)).map(({ status }) => status)).toEqual([200, 200]);
  });

  test("after the call was given up is not answered", async () => {
    const { scheduler, anna, methods } = await openServer(() => undefined);
    const call = anna.call("ben");
    call.cancel();
    scheduler.drain();
    expect(methods).toEqual(["INVITE"]);
    expect(typesOf(call)).toEqual(["refused"]);
  });
});

describe("[O3] a challenge inside a call (RFC 3261 §22.1)", () => {
  const challenge = 'Digest realm="pbx.test", nonce="n1", qop="auth"';

  test("is answered with the credentials that the call has; the ACK carries those of its INVITE", async () => {
    const got: SipRequest[] = [];
    const acks: SipRequest[] = [];
    const { scheduler, anna, endpoint } = await openServer((transaction) => {
      const invite = UasInvite.begin(endpoint, transaction, {
        onRequest: (inner) => {
          got.push(inner.request);
          if (inner.request.headers.has("Authorization")) inner.respond(200);
          else inner.respond(401, { headers: [{ name: "WWW-Authenticate", value: challenge }] });
        },
        onAck: () => undefined,
        onCancel: () => undefined,
        onConfirmed: (ack) => void acks.push(ack),
        onFailure: () => undefined,
      });
      invite?.accept("");
    });
    const call = anna.call("ben");
    scheduler.advance(0);
    expect(acks[0]?.headers.get("Authorization")).toMatch(/^Digest username="anna"/);
    const bye = call.hangUp();
    scheduler.advance(0);
    expect((await bye).status).toBe(200);
    expect(got.map(({ method, cseq }) => [method, cseq.number])).toEqual([
      ["BYE", 3],
      ["BYE", 4],
    ]);
    expect(got[1]?.headers.get("Authorization")).toContain('nonce="n1"');
  });

  test("is answered for each challenger, again where a nonce was stale, and no further", () => {
    const asked = (status: number, params: string): SipResponse =>
      createResponse(request, status, {
        headers: [
          {
            name: status === 407 ? "Proxy-Authenticate" : "WWW-Authenticate",
            value: `Digest realm="r", ${params}`,
          },
        ],
      });
    const uri = sipUri({ user: "ben", host: "pbx.test" });
    const address = { uri, params: new Map() };
    const request = createRequest({ method: "INVITE", uri, from: address, to: address, callId: "1", cseq: 1 });
    const answers = new ChallengeAnswers(createDigestClient({ username: "anna", password: "right" }, () => "c"));
    const names = (response: SipResponse) => answers.answer(request, response)?.map(({ name }) => name);
    expect(names(asked(407, 'nonce="1"'))).toEqual(["Proxy-Authorization"]);
    expect(names(asked(401, 'nonce="2"'))).toEqual(["Proxy-Authorization", "Authorization"]);
    expect(names(asked(401, 'nonce="3", stale=TRUE'))).toEqual(["Proxy-Authorization", "Authorization"]);
    expect(names(asked(401, 'nonce="4"'))).toBeUndefined();
    expect(names(asked(407, 'nonce="5", stale=true'))).toHaveLength(2);
    expect(names(asked(407, 'nonce="6", stale=true'))).toBeUndefined();
    expect(names(asked(403, 'nonce="7"'))).toBeUndefined();
  });
});

describe("session timer of a call of ours (RFC 4028 §7.4)", () => {
  const timer = [{ name: "Session-Expires", value: "90" }];

  test("that is too short is asked for again with the far side's least", async () => {
    const bench = await openTwoPhones();
    bench.ben.onCall = (call) => {
      const asked = call.request?.headers.get("Session-Expires");
      if (asked === "600") call.answer();
      else call.refuse(422, [{ name: "Min-SE", value: "600" }]);
    };
    const mine = bench.anna.call("ben", { headers: timer });
    bench.scheduler.advance(0);
    expect(typesOf(mine)).toEqual(["answered"]);
    const invites = bench.ben.received.all.filter(({ kind, cseq }) => kind === "request" && cseq.method === "INVITE");
    expect(
      invites.map(({ cseq, headers }) => [cseq.number, headers.get("Session-Expires"), headers.get("Min-SE")]),
    ).toEqual([
      [1, "90", undefined],
      [2, "600", "600"],
    ]);
  });

  test("that is never long enough ends the call with 422", async () => {
    const bench = await openTwoPhones();
    bench.ben.onCall = (call) => call.refuse(422, [{ name: "Min-SE", value: "600" }]);
    const mine = bench.anna.call("ben", { headers: timer });
    bench.scheduler.drain();
    expect(mine.events.all).toMatchObject([{ type: "refused", status: 422 }]);
    expect(bench.ben.calls.all).toHaveLength(2);
  });
});
