import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { parseSdp, printSdp } from "./sdp.ts";

const lines = (...own: readonly string[]): string =>
  ["v=0", "o=- 1 2 IN IP4 192.0.2.1", "s=-", ...own, ""].join("\r\n");

function firstMedia(...own: readonly string[]) {
  const media = parseSdp(lines(...own))?.media[0];
  if (media === undefined) throw new Error("no media");
  return media;
}

describe("parsing", () => {
  it("reads the example of RFC 8866 section 5", () => {
    const text = [
      "v=0",
      "o=jdoe 3724394400 3724394405 IN IP4 198.51.100.1",
      "s=Call to John Smith",
      "i=SDP Offer #1",
      "u=http://www.jdoe.example.com/home.html",
      "e=Jane Doe <jane@jdoe.example.com>",
      "p=+1 617 555-6011",
      "c=IN IP4 198.51.100.1",
      "t=0 0",
      "m=audio 49170 RTP/AVP 0",
      "m=audio 49180 RTP/AVP 0",
      "m=video 51372 RTP/AVP 99",
      "c=IN IP6 2001:db8::2",
      "a=rtpmap:99 h263-1998/90000",
    ].join("\r\n");
    const description = parseSdp(text);
    expect(description).toMatchObject({
      origin: { username: "jdoe", sessionId: "3724394400", version: "3724394405", address: "198.51.100.1" },
      address: "198.51.100.1",
    });
    expect(description?.media.map(({ media, port, address }) => [media, port, address])).toEqual([
      ["audio", 49_170, "198.51.100.1"],
      ["audio", 49_180, "198.51.100.1"],
      ["video", 51_372, "2001:db8::2"],
    ]);
    expect(description?.media[2]?.rtpMaps).toEqual([
      { payloadType: 99, encoding: "h263-1998", clockRate: 90_000, channels: 1 },
    ]);
  });

  it("knows the static payload types of RFC 3551 without an rtpmap", () => {
    expect(firstMedia("m=audio 4000 RTP/AVP 0 8 9 18").rtpMaps).toEqual([
      { payloadType: 0, encoding: "PCMU", clockRate: 8000, channels: 1 },
      { payloadType: 8, encoding: "PCMA", clockRate: 8000, channels: 1 },
      { payloadType: 9, encoding: "G722", clockRate: 8000, channels: 1 },
    ]);
  });

  it("reads Opus with its channels and parameters, and telephone-event", () => {
    const media = firstMedia(
      "m=audio 4000 RTP/AVP 111 101",
      "a=rtpmap:111 opus/48000/2",
      "a=fmtp:111 useinbandfec=1; minptime=10",
      "a=rtpmap:101 telephone-event/8000",
      "a=fmtp:101 0-16",
    );
    expect(media.rtpMaps).toEqual([
      { payloadType: 111, encoding: "opus", clockRate: 48_000, channels: 2, fmtp: "useinbandfec=1; minptime=10" },
      { payloadType: 101, encoding: "telephone-event", clockRate: 8000, channels: 1, fmtp: "0-16" },
    ]);
  });

  it("an rtpmap overrides a static payload type", () => {
    expect(firstMedia("m=audio 4000 RTP/AVP 8", "a=rtpmap:8 iLBC/8000").rtpMaps[0]?.encoding).toBe("iLBC");
  });

  it("attributes of a media section win over those of the session, which hold where it has none", () => {
    const text = lines(
      "a=sendonly",
      "a=ptime:30",
      "m=audio 4000 RTP/AVP 8",
      "m=audio 4002 RTP/AVP 8",
      "a=recvonly",
      "a=ptime:20",
    );
    expect(parseSdp(text)?.media.map(({ direction, ptime }) => [direction, ptime])).toEqual([
      ["sendonly", 30],
      ["recvonly", 20],
    ]);
  });

  it("without a direction it is sendrecv", () => {
    expect(firstMedia("m=audio 4000 RTP/AVP 8").direction).toBe("sendrecv");
  });

  it.each(["sendrecv", "sendonly", "recvonly", "inactive"])("reads the direction %s in any case", (direction) => {
    expect(firstMedia("m=audio 4000 RTP/AVP 8", `a=${direction.toUpperCase()}`).direction).toBe(direction);
  });

  it("reads rtcp-mux and the port of RTCP", () => {
    expect(firstMedia("m=audio 4000 RTP/AVP 8", "a=rtcp-mux", "a=rtcp:4077 IN IP4 192.0.2.9")).toMatchObject({
      rtcpMux: true,
      rtcpPort: 4077,
    });
  });

  it.each(["0", "65536", "x", ""])("a port of RTCP that is none is left out: %j", (port) => {
    expect(firstMedia("m=audio 4000 RTP/AVP 8", `a=rtcp:${port}`).rtcpPort).toBeUndefined();
  });

  it("formats that are no payload type have no map", () => {
    const media = firstMedia("m=audio 4000 RTP/AVP 128 0x8 1e1 999 -8 8", "a=rtpmap:128 PCMA/8000");
    expect(media.rtpMaps.map(({ payloadType }) => payloadType)).toEqual([8]);
    expect(media.formats).toHaveLength(6);
  });

  it.each([
    ["lines that end in LF alone", (text: string) => text.replaceAll("\r\n", "\n")],
    ["lines that end in CR alone", (text: string) => text.replaceAll("\r\n", "\r")],
    ["empty lines", (text: string) => text.replaceAll("\r\n", "\r\n\r\n")],
    ["spaces at the end", (text: string) => text.replaceAll("\r\n", " \r\n")],
  ])("bears %s", (_name, spoil) => {
    const text = lines(
      "c=IN IP4 192.0.2.7",
      "m=audio 4000 RTP/AVP 8 101",
      "a=rtpmap:101 telephone-event/8000",
      "a=sendonly",
    );
    const { media } = parseSdp(spoil(text)) ?? {};
    expect(media).toMatchObject([{ port: 4000, direction: "sendonly", address: "192.0.2.7" }]);
    expect(media?.[0]?.rtpMaps).toHaveLength(2);
  });

  it.each([
    ["nothing", ""],
    ["something else", "<html>"],
    ["another version", lines().replace("v=0", "v=1")],
    ["a media line without a port", lines("m=audio RTP/AVP 8")],
    ["a port beyond 65535", lines("m=audio 65536 RTP/AVP 8")],
    ["a negative port", lines("m=audio -1 RTP/AVP 8")],
    ["more than 500 lines", lines(...Array.from({ length: 500 }, () => "a=x"))],
    ["more than 64 Ki characters", lines(`a=${"x".repeat(65_536)}`)],
  ])("refuses %s as a value", (_name, text) => {
    expect(parseSdp(text)).toBeUndefined();
  });

  it("throws nothing on any text", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary", maxLength: 400 }), (text) => {
        expect(() => parseSdp(text)).not.toThrow();
        expect(() => parseSdp(`v=0\r\n${text}`)).not.toThrow();
      }),
    );
  });
});

describe("printing", () => {
  it("writes a media section's own address where it differs from the session's", () => {
    const printed = printSdp({
      origin: { username: "-", sessionId: "1", version: "1", address: "192.0.2.1" },
      address: "192.0.2.1",
      media: [
        {
          media: "audio",
          port: 4000,
          protocol: "RTP/AVP",
          formats: ["8"],
          address: "192.0.2.2",
          direction: "sendrecv",
          rtpMaps: [],
          rtcpMux: false,
        },
      ],
    });
    expect(printed).toContain("c=IN IP4 192.0.2.1\r\nt=0 0\r\nm=audio 4000 RTP/AVP 8\r\nc=IN IP4 192.0.2.2\r\n");
  });

  it("writes IP6 for an address with colons", () => {
    const origin = { username: "-", sessionId: "1", version: "1", address: "2001:db8::1" };
    expect(printSdp({ origin, media: [] })).toContain("c=IN IP6 2001:db8::1\r\n");
  });

  it("print(parse(x)) is stable", () => {
    const token = fc.stringMatching(/^[A-Za-z0-9.-]{1,8}$/);
    const attribute = fc.oneof(
      fc.constantFrom(
        "a=sendonly",
        "a=inactive",
        "a=rtcp-mux",
        "a=rtcp:4001",
        "a=ptime:30",
        "c=IN IP4 192.0.2.5/127",
        "c=IN IP6 ::1",
      ),
      fc
        .tuple(fc.nat(200), token, fc.nat(99_999), fc.nat(9))
        .map(([type, name, rate, channels]) => `a=rtpmap:${type} ${name}/${rate}/${channels}`),
      fc
        .tuple(fc.nat(127), fc.string({ maxLength: 10 }))
        .map(([type, text]) => `a=fmtp:${type} ${text.replaceAll(/[\r\n]/g, "")}`),
      fc.string({ maxLength: 20 }),
    );
    const section = fc
      .tuple(
        fc.constantFrom("audio", "video"),
        fc.nat(70_000),
        fc.array(fc.nat(130).map(String), { maxLength: 5 }),
        fc.array(attribute, { maxLength: 8 }),
      )
      .map(([media, port, formats, own]) => [`m=${media} ${port} RTP/AVP ${formats.join(" ")}`, ...own]);
    fc.assert(
      fc.property(fc.array(attribute, { maxLength: 5 }), fc.array(section, { maxLength: 4 }), (session, sections) => {
        const first = parseSdp(lines(...session, ...sections.flat()));
        if (first === undefined) return;
        const printed = printSdp(first);
        const again = parseSdp(printed);
        expect(again === undefined ? undefined : printSdp(again)).toBe(printed);
      }),
      { numRuns: 500 },
    );
  });
});
