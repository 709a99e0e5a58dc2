import type { AnyEvent } from "@pbx-x/protocol/runtime";
import { describe, expect, it } from "vitest";
import { connect } from "../client.ts";
import { createManualClock } from "../testing/manual-clock.ts";
import { createTestServer } from "../testing/test-server.ts";
import { strictSocket, type StrictProblem } from "./index.ts";

async function createBench() {
  const clock = createManualClock();
  const server = createTestServer({ clock });
  const problems: StrictProblem[] = [];
  const heard: string[] = [];
  const client = connect({
    url: "http://pbx.test",
    token: "token-1",
    channels: ["calls"],
    webSocket: strictSocket(server.webSocket, { onProblem: (problem) => problems.push(problem) }),
    fetch: server.fetch,
    clock,
  });
  client.onAny(({ type }) => heard.push(type));
  await server.flushAll();
  return { server, client, problems, heard };
}

describe("the strict socket", () => {
  it("[A1] tells of events and commands that are not as the contract says, and lets them through", async () => {
    const { server, client, problems, heard } = await createBench();
    const timestamp = new Date(0).toISOString();
    server.append({ type: "CALL_HELD", timestamp, data: { callId: 7 } } as unknown as AnyEvent, ["calls"]);
    client.call.hold({ callId: "not-a-uuid" }).catch(() => undefined);
    await server.flushAll();
    const found = problems.map(({ direction, frame, message }) => [direction, frame, message.includes("callId")]);
    expect(found).toContainEqual(["received", "CALL_HELD", true]);
    expect(found).toContainEqual(["sent", "hold", true]);
    expect(heard).toContain("CALL_HELD");
  });

  it("[A1] what a newer server sends is no mistake: unknown types and fields", async () => {
    const { server, problems, heard } = await createBench();
    const before = problems.length;
    const timestamp = new Date(0).toISOString();
    server.append({ type: "CALL_TELEPORTED", timestamp, data: {} } as unknown as AnyEvent, ["calls"]);
    await server.flushAll();
    expect([problems.slice(before), heard.at(-1)]).toEqual([[], "CALL_TELEPORTED"]);
  });

  it("[A1] without a listener, what is sent wrong throws where it was sent", () => {
    class Silent {
      readonly protocol = "pbx-x";
      readonly onopen = null;
      readonly onmessage = null;
      readonly onclose = null;
      readonly onerror = null;
      readonly send = (): void => undefined;
      readonly close = (): void => undefined;
    }
    const Socket = strictSocket(Silent);
    const socket = new Socket("ws://pbx.test", []);
    expect(() => socket.send('{"id":"1","command":"hold","params":{}}')).toThrow("hold: params.callId");
  });
});
