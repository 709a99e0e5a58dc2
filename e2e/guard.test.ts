import { createHash } from "node:crypto";
import { createSocket, type Socket } from "node:dgram";
import { once } from "node:events";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Baresip } from "./src/baresip.ts";
import { startWorld, type World } from "./src/world.ts";

let world: World;
let anna: Baresip;
let lisa: Baresip;
beforeAll(async () => {
  world = await startWorld();
  anna = await world.startPhone("200");
  lisa = await world.startPhone("201");
});
afterAll(() => world?.stop());

/** Somebody else on the network: another source address than the phones have. */
class Stranger {
  readonly #socket: Socket = createSocket("udp4");
  readonly #address: string;
  #counter = 0;
  readonly answers: string[] = [];

  constructor(address: string) {
    this.#address = address;
    this.#socket.on("message", (data) => this.answers.push(data.toString()));
  }

  async open(): Promise<this> {
    this.#socket.bind(0, this.#address);
    await once(this.#socket, "listening");
    return this;
  }

  send(method: string, user: string, extra = "", agent = "Phone"): void {
    this.#counter += 1;
    const own = `${this.#address}:${this.#socket.address().port}`;
    const text =
      `${method} sip:pbx-x SIP/2.0\r\nVia: SIP/2.0/UDP ${own};rport;branch=z9hG4bK${this.#counter}x\r\nMax-Forwards: 70\r\n` +
      `From: <sip:${user}@pbx-x>;tag=t${this.#counter}\r\nTo: <sip:${user}@pbx-x>\r\nCall-ID: c${this.#counter}@${own}\r\n` +
      `CSeq: 1 ${method}\r\nContact: <sip:${user}@${own}>\r\nUser-Agent: ${agent}\r\n${extra}Content-Length: 0\r\n\r\n`;
    this.#socket.send(text, world.server.ready.sip.udp, "127.0.0.1");
  }

  /** The next answer, or undefined when none comes in that time. */
  async ask(method: string, user: string, extra = "", agent?: string, waitMs = 1000): Promise<string | undefined> {
    const before = this.answers.length;
    this.send(method, user, extra, agent);
    await Promise.race([once(this.#socket, "message"), new Promise((resolve) => setTimeout(resolve, waitMs))]);
    return this.answers[before];
  }

  close(): void {
    this.#socket.close();
  }
}

const md5 = (text: string): string => createHash("md5").update(text).digest("hex");

/** Credentials for the nonce of a challenge, with a wrong password. */
function wrongCredentials(challenge: string, user: string): string {
  const nonce = /nonce="([^"]+)"/.exec(challenge)?.[1] ?? "";
  const response = md5(`${md5(`${user}:pbx-x:wrong`)}:${nonce}:00000001:x:auth:${md5("REGISTER:sip:pbx-x")}`);
  return (
    `Authorization: Digest username="${user}", realm="pbx-x", nonce="${nonce}", uri="sip:pbx-x", response="${response}", ` +
    `algorithm=MD5, qop=auth, nc=00000001, cnonce="x"\r\n`
  );
}

/** What is left when the parts that differ for every request are taken out. */
const shape = (answer: string | undefined, user: string): string =>
  (answer ?? "none")
    // Not the bare number: the port may hold it.
    .replaceAll(`sip:${user}@`, "sip:USER@")
    .replaceAll(/nonce="[^"]+"/g, "nonce")
    .replaceAll(/(branch=|tag=|Call-ID: |rport=)[^\r;]+/g, "$1…");

describe("strangers at the SIP port", () => {
  it("learn nothing about which extensions exist: the same answers, right or wrong", async () => {
    const stranger = await new Stranger("127.0.0.41").open();
    const shapes: string[][] = [];
    for (const user of ["200", "299"]) {
      const challenge = await stranger.ask("REGISTER", user, "", undefined, 10_000);
      const refused = await stranger.ask("REGISTER", user, wrongCredentials(challenge ?? "", user), undefined, 10_000);
      shapes.push([shape(challenge, user), shape(refused, user)]);
    }
    expect(shapes[0]?.[0]).toMatch(/^SIP\/2.0 401/);
    expect(shapes[1]).toEqual(shapes[0]);
    stranger.close();
  });

  it("are not answered any more after some wrong passwords, and a scanner never", async () => {
    const stranger = await new Stranger("127.0.0.42").open();
    let answered = 0;
    for (let attempt = 0; attempt < 8; attempt += 1) {
      const challenge = await stranger.ask("REGISTER", "200");
      if (challenge === undefined) break;
      answered += 1;
      await stranger.ask("REGISTER", "200", wrongCredentials(challenge, "200"));
    }
    expect(answered).toBeGreaterThan(1);
    expect(answered).toBeLessThan(8);
    expect(world.server.output()).toContain("a source is blocked");
    const scanner = await new Stranger("127.0.0.43").open();
    expect(await scanner.ask("OPTIONS", "100", "", "friendly-scanner")).toBeUndefined();
    stranger.close();
    scanner.close();
  });

  it("flood and scan without losing a phone its registration or its call", async () => {
    const strangers = await Promise.all(
      Array.from({ length: 5 }, (_, index) => new Stranger(`127.0.0.${50 + index}`).open()),
    );
    const before = world.cti.events.length;
    for (let round = 0; round < 1000; round += 1) {
      for (const stranger of strangers) stranger.send(round % 2 === 0 ? "REGISTER" : "INVITE", String(1000 + round));
      if (round % 100 === 0) await new Promise((resolve) => setImmediate(resolve));
    }
    await anna.command("dial", "201");
    await world.cti.waitFor("CALL_RINGING", (event) => world.cti.events.indexOf(event) >= before);
    await lisa.command("accept");
    await world.cti.waitFor("CALL_ANSWERED", (event) => world.cti.events.indexOf(event) >= before);
    await anna.command("hangup");
    await world.cti.waitFor("CALL_ENDED", (event) => world.cti.events.indexOf(event) >= before);
    const types = world.cti.events.slice(before).map(({ type }) => type);
    expect(types).not.toContain("EXTENSION_UNREGISTERED");
    expect(types.filter((type) => type === "CALL_CREATED")).toHaveLength(1);
    // A stranger is answered a little, then no more: far less than it sends.
    const answers = strangers.reduce((sum, { answers: { length } }) => sum + length, 0);
    expect(answers).toBeLessThan(1000);
    for (const stranger of strangers) stranger.close();
  });
});
