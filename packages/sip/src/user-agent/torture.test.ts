import { describe, expect, test } from "vitest";
import { invalidMessages } from "../message/torture/invalid-messages.ts";
import { meaningMessages } from "../message/torture/meaning-messages.ts";
import type { TortureMessage } from "../message/torture/torture-message.ts";
import { validMessages } from "../message/torture/valid-messages.ts";
import { createManualScheduler } from "../testing/manual-scheduler.ts";
import { createMemoryNetwork } from "../testing/memory-network.ts";
import { createSeededRandom } from "../testing/seeded-random.ts";
import type { Remote } from "../transport/transport.ts";
import { Endpoint } from "./endpoint.ts";

const messages: readonly TortureMessage[] = [...validMessages, ...invalidMessages, ...meaningMessages];

/** What differs from 200; responses get nothing. */
const answers: Readonly<Record<string, readonly number[]>> = {
  // It has a To tag, and no such dialog is going on.
  wsinv: [481],
  intmeth: [405],
  esc02: [405],
  unreason: [],
  noreason: [],
  badinv01: [400],
  clerr: [400],
  ncl: [400],
  scalar02: [400],
  scalarlg: [],
  quotbal: [400],
  ltgtruri: [400],
  lwsruri: [400],
  lwsstart: [400],
  trws: [400],
  escruri: [400],
  badvers: [505],
  mismatch01: [400],
  mismatch02: [400],
  bigcode: [],
  insuf: [400],
  unkscm: [416],
  novelsc: [416],
  bext01: [420],
  multi01: [400],
  mcl01: [400],
  bcast: [],
};

/** An endpoint that says 200 to all that it is given, and what comes back to 192.0.2.9. */
function openBench() {
  const scheduler = createManualScheduler(0);
  const network = createMemoryNetwork(scheduler);
  const random = createSeededRandom(5);
  const endpoint = new Endpoint({
    scheduler,
    randomText: () => random.text(),
    userAgent: "Server",
    onRequest: (transaction) => void transaction.respond(200),
  });
  endpoint.add(network.open({ host: "192.0.2.2", port: 5060 }, endpoint.events));
  const heard: string[] = [];
  const link = network.open(
    { host: "192.0.2.9", port: 4000 },
    { onMessage: (bytes) => void heard.push(new TextDecoder().decode(bytes)), onFlowClosed: () => undefined },
  );
  const server: Remote = { transport: "udp", address: "192.0.2.2", port: 5060 };
  return {
    endpoint,
    send: (bytes: Uint8Array): readonly string[] => {
      const before = heard.length;
      link.send(bytes, server, () => undefined);
      scheduler.advance(0);
      return heard.slice(before);
    },
  };
}

describe("the messages of RFC 4475, sent to an endpoint", () => {
  test.each(messages)("$section $name gets its answer: $about", ({ name, bytes }) => {
    const heard = openBench().send(bytes);
    const statuses = heard.map((text) => Number(/^SIP\/2\.0 (\d{3}) /.exec(text)?.[1]));
    expect(statuses).toEqual(answers[name] ?? [200]);
  });

  test("an answer to what cannot be read has received and rport, a To tag, and each header field once", () => {
    const text = `INVITE <sip:user@example.com> SIP/2.0
Via: SIP/2.0/UDP 10.0.0.1;rport;branch=z9hG4bKa, SIP/2.0/UDP 10.0.0.2;branch=z9hG4bKb
From: <sip:a@b.test>;tag=1
To: <sip:b@b.test>
To: <sip:c@b.test>
Call-ID: c1
CSeq: 1 INVITE

`;
    const [answer = ""] = openBench().send(new TextEncoder().encode(text.replaceAll("\n", "\r\n")));
    expect(answer.split("\r\n")).toEqual([
      "SIP/2.0 400 Bad Request",
      "Via: SIP/2.0/UDP 10.0.0.1;rport=4000;branch=z9hG4bKa;received=192.0.2.9",
      "Via: SIP/2.0/UDP 10.0.0.2;branch=z9hG4bKb",
      "From: <sip:a@b.test>;tag=1",
      expect.stringMatching(/^To: <sip:b@b\.test>;tag=\w+$/),
      "Call-ID: c1",
      "CSeq: 1 INVITE",
      "Content-Length: 0",
      "",
      "",
    ]);
  });

  test("a refusal names the extensions that are not known, and the methods that are", () => {
    const { send } = openBench();
    const [badExtension = ""] = send(bytesOf("bext01"));
    expect(badExtension).toMatch(/\r\nUnsupported: nothingSupportsThis, nothingSupportsThisEither\r\n/);
    expect(send(bytesOf("esc02"))[0]).toMatch(/\r\nAllow: INVITE, ACK, CANCEL, BYE, /);
  });

  test("two requests whose branch is nothing but the magic cookie are two transactions", () => {
    const { send, endpoint } = openBench();
    const one = new TextDecoder().decode(bytesOf("badbranch"));
    send(bytesOf("badbranch"));
    send(new TextEncoder().encode(one.replace("badbranch.", "other.")));
    expect(endpoint.transactions).toBe(2);
  });
});

function bytesOf(wanted: string): Uint8Array {
  const found = messages.find(({ name }) => name === wanted);
  if (found === undefined) throw new Error(`no message ${wanted}`);
  return found.bytes;
}
