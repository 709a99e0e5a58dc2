import { describe, expect, it } from "vitest";
import type { CodecName } from "../codecs/codec.ts";
import { acceptAnswer, codecsOf, createAnswer, createOffer, type LocalMedia } from "./offer-answer.ts";
import { type Direction, parseSdp, type SessionDescription } from "./sdp.ts";

function local(changes: Partial<LocalMedia> = {}): LocalMedia {
  return {
    address: "192.0.2.1",
    port: 5000,
    rtcpPort: 5001,
    codecs: ["PCMA", "PCMU", "G722", "opus"],
    sessionId: "77",
    version: 1,
    direction: "sendrecv",
    ...changes,
  };
}

function remote(...media: readonly string[]): SessionDescription {
  const text = ["v=0", "o=- 1 1 IN IP4 192.0.2.9", "s=-", "c=IN IP4 192.0.2.9", "t=0 0", ...media].join("\r\n");
  const description = parseSdp(text);
  if (description === undefined) throw new Error("the test's SDP is malformed");
  return description;
}

const phone = ["m=audio 4000 RTP/AVP 8 0 101", "a=rtpmap:101 telephone-event/8000"] as const;

function answerTo(description: SessionDescription, own: LocalMedia = local()) {
  const answer = createAnswer(description, own);
  if (!answer.ok) throw new Error(answer.code);
  const sdp = parseSdp(answer.sdp);
  if (sdp === undefined) throw new Error("our own SDP is malformed");
  return { ...answer, description: sdp };
}

describe("offer", () => {
  it("has our codecs in our order, then telephone-event", () => {
    expect(createOffer(local({ codecs: ["opus", "G722", "PCMA", "PCMU"] }))).toBe(
      [
        "v=0",
        "o=pbx-x 77 1 IN IP4 192.0.2.1",
        "s=-",
        "c=IN IP4 192.0.2.1",
        "t=0 0",
        "m=audio 5000 RTP/AVP 107 9 8 0 101",
        "a=rtpmap:107 opus/48000/2",
        "a=fmtp:107 useinbandfec=1",
        "a=rtpmap:9 G722/8000",
        "a=rtpmap:8 PCMA/8000",
        "a=rtpmap:0 PCMU/8000",
        "a=rtpmap:101 telephone-event/8000",
        "a=fmtp:101 0-16",
        "a=ptime:20",
        "a=sendrecv",
        "",
      ].join("\r\n"),
    );
  });

  it("carries direction and packet time", () => {
    const offer = createOffer(local({ direction: "sendonly", ptime: 30 }));
    expect(offer).toContain("a=ptime:30\r\na=sendonly\r\n");
  });
});

describe("answer", () => {
  it("takes our most preferred codec that the offer has, by the offer's numbers", () => {
    const offer = remote(
      "m=audio 4000 RTP/AVP 0 96 97",
      "a=rtpmap:96 opus/48000/2",
      "a=rtpmap:97 telephone-event/8000",
    );
    const { negotiated, description } = answerTo(offer, local({ codecs: ["G722", "opus", "PCMU"] }));
    expect(negotiated).toMatchObject({ codec: "opus", payloadType: 96, telephoneEvent: 97 });
    expect(description.media[0]?.formats).toEqual(["96", "97"]);
  });

  it.each<[CodecName, string, number]>([
    ["PCMA", "8", 8],
    ["PCMU", "0", 0],
    ["G722", "9", 9],
  ])("agrees on %s by its static number", (codec, format, payloadType) => {
    expect(answerTo(remote(`m=audio 4000 RTP/AVP 18 ${format}`)).negotiated).toMatchObject({ codec, payloadType });
  });

  it("compares names of codecs without case", () => {
    const offer = remote("m=audio 4000 RTP/AVP 8 100", "a=rtpmap:8 pcma/8000", "a=rtpmap:100 TELEPHONE-EVENT/8000");
    expect(answerTo(offer).negotiated).toMatchObject({ codec: "PCMA", telephoneEvent: 100 });
  });

  it("has no telephone-event where the offer has none at 8 kHz", () => {
    const offer = remote("m=audio 4000 RTP/AVP 8 100", "a=rtpmap:100 telephone-event/48000");
    const { negotiated, description } = answerTo(offer);
    expect(negotiated.telephoneEvent).toBeUndefined();
    expect(description.media[0]?.formats).toEqual(["8"]);
  });

  it.each<[Direction, Direction, Direction]>([
    ["sendrecv", "sendrecv", "sendrecv"],
    ["sendonly", "sendrecv", "recvonly"],
    ["recvonly", "sendrecv", "sendonly"],
    ["inactive", "sendrecv", "inactive"],
    ["sendrecv", "sendonly", "sendonly"],
    ["sendrecv", "recvonly", "recvonly"],
    ["sendrecv", "inactive", "inactive"],
    ["sendonly", "sendonly", "inactive"],
    ["recvonly", "recvonly", "inactive"],
  ])("offered %s and wanting %s it says %s (RFC 3264 section 6.1)", (offered, own, expected) => {
    const { negotiated, description } = answerTo(remote(...phone, `a=${offered}`), local({ direction: own }));
    expect(negotiated.direction).toBe(expected);
    expect(description.media[0]?.direction).toBe(expected);
  });

  it.each([
    ["sendonly", ["a=sendonly"], "sendonly"],
    ["inactive", ["a=inactive"], "inactive"],
    ["the address 0.0.0.0", ["c=IN IP4 0.0.0.0"], "inactive"],
    ["the address 0.0.0.0 and sendonly", ["c=IN IP4 0.0.0.0", "a=sendonly"], "inactive"],
    ["recvonly, which is no hold", ["a=recvonly"], "none"],
    ["nothing", [], "none"],
  ] as const)("a phone that says %s", (_name, attributes, hold) => {
    expect(answerTo(remote(...phone, ...attributes)).negotiated.hold).toBe(hold);
  });

  it("refuses further media in their place with port 0", () => {
    const offer = remote(
      "m=video 4100 RTP/AVP 99",
      "a=rtpmap:99 H264/90000",
      ...phone,
      "m=audio 4200 RTP/AVP 8",
      "m=application 4300 UDP/DTLS/SCTP webrtc-datachannel",
    );
    const { sdp, negotiated } = answerTo(offer);
    expect(sdp.split("\r\n").filter((line) => line.startsWith("m="))).toEqual([
      "m=video 0 RTP/AVP 99",
      "m=audio 5000 RTP/AVP 8 101",
      "m=audio 0 RTP/AVP 8",
      "m=application 0 UDP/DTLS/SCTP webrtc-datachannel",
    ]);
    expect(negotiated.remotePort).toBe(4000);
  });

  it("answers rtcp-mux with rtcp-mux: one port for both", () => {
    const { negotiated, description } = answerTo(remote(...phone, "a=rtcp-mux"));
    expect(negotiated).toMatchObject({ rtcpMux: true, remoteRtcpPort: 4000 });
    expect(description.media[0]?.rtcpMux).toBe(true);
  });

  it.each([
    ["the next port", "m=audio 4000 RTP/AVP 8", [], 4001],
    ["the port that it names", "m=audio 4000 RTP/AVP 8", ["a=rtcp:4055"], 4055],
    ["none after the last port of all", "m=audio 65535 RTP/AVP 8", [], 0],
  ] as const)("RTCP goes to %s", (_name, media, attributes, port) => {
    const { negotiated, description } = answerTo(remote(media, ...attributes));
    expect(negotiated).toMatchObject({ rtcpMux: false, remoteRtcpPort: port });
    expect(description.media[0]?.rtcpMux).toBe(false);
  });

  it("keeps the profile RTP/AVPF", () => {
    expect(answerTo(remote("m=audio 4000 RTP/AVPF 8")).sdp).toContain("m=audio 5000 RTP/AVPF 8\r\n");
  });

  it("takes the packet time of the offer, 20 ms without one", () => {
    expect(answerTo(remote(...phone, "a=ptime:30")).negotiated.ptime).toBe(30);
    expect(answerTo(remote(...phone)).negotiated.ptime).toBe(20);
  });

  it.each([
    ["without audio", remote("m=video 4000 RTP/AVP 99"), "no_audio"],
    ["without media", remote(), "no_audio"],
    ["of refused audio", remote("m=audio 0 RTP/AVP 8"), "no_audio"],
    ["of SRTP alone", remote("m=audio 4000 RTP/SAVP 8"), "no_audio"],
    ["of a host name", remote(...phone, "c=IN IP4 phone.example"), "no_audio"],
    ["of the other IP version", remote(...phone, "c=IN IP6 2001:db8::1"), "no_audio"],
    ["of a multicast group", remote(...phone, "c=IN IP4 233.252.0.1/127"), "no_audio"],
    ["of the broadcast address", remote(...phone, "c=IN IP4 255.255.255.255"), "no_audio"],
    ["of unknown codecs", remote("m=audio 4000 RTP/AVP 18 3"), "no_common_codec"],
    [
      "of a known name at another clock",
      remote("m=audio 4000 RTP/AVP 96", "a=rtpmap:96 PCMA/16000"),
      "no_common_codec",
    ],
    ["of stereo G.711", remote("m=audio 4000 RTP/AVP 96", "a=rtpmap:96 PCMA/8000/2"), "no_common_codec"],
    [
      "of key presses alone",
      remote("m=audio 4000 RTP/AVP 101", "a=rtpmap:101 telephone-event/8000"),
      "no_common_codec",
    ],
  ] as const)("an offer %s is refused", (_name, offer, code) => {
    expect(createAnswer(offer, local())).toEqual({ ok: false, code });
  });

  it("goes to the address of the origin where no connection line is", () => {
    const offer = parseSdp("v=0\r\no=- 1 1 IN IP4 192.0.2.33\r\ns=-\r\nm=audio 4000 RTP/AVP 8\r\n");
    if (offer === undefined) throw new Error("malformed");
    expect(answerTo(offer).negotiated.remoteAddress).toBe("192.0.2.33");
  });
});

describe("the far side's answer", () => {
  it("its first codec of ours is the one, and its own numbers are taken", () => {
    const answer = remote(
      "m=audio 4000 RTP/AVP 96 8 97",
      "a=rtpmap:96 opus/48000/2",
      "a=rtpmap:97 telephone-event/8000",
    );
    expect(acceptAnswer(answer, local())).toMatchObject({
      ok: true,
      negotiated: { codec: "opus", payloadType: 96, telephoneEvent: 97, remoteAddress: "192.0.2.9", remotePort: 4000 },
    });
  });

  it("what we offer and another side of us answers is the same on both sides", () => {
    const offered = local({ codecs: ["G722", "PCMA"] });
    const offer = parseSdp(createOffer(offered));
    if (offer === undefined) throw new Error("malformed");
    const { negotiated: there, description } = answerTo(offer, local({ address: "192.0.2.9", port: 6000 }));
    const here = acceptAnswer(description, offered);
    expect(here).toMatchObject({ ok: true, negotiated: { codec: there.codec, payloadType: there.payloadType } });
    expect(here).toMatchObject({ negotiated: { remoteAddress: "192.0.2.9", remotePort: 6000, telephoneEvent: 101 } });
  });

  it("a codec that was not offered is refused", () => {
    expect(acceptAnswer(remote("m=audio 4000 RTP/AVP 0"), local({ codecs: ["PCMA"] }))).toEqual({
      ok: false,
      code: "no_common_codec",
    });
  });

  it("refused audio is refused", () => {
    expect(acceptAnswer(remote("m=audio 0 RTP/AVP 8"), local())).toEqual({ ok: false, code: "no_audio" });
  });

  it("a phone that receives only is sent to only", () => {
    const accepted = acceptAnswer(remote(...phone, "a=recvonly"), local());
    expect(accepted).toMatchObject({ ok: true, negotiated: { direction: "sendonly", hold: "none" } });
  });
});

describe("codecs of a description", () => {
  it("are those known here, in its order", () => {
    expect(codecsOf(remote("m=audio 4000 RTP/AVP 0 18 9 8 96", "a=rtpmap:96 opus/48000/2"))).toEqual([
      "PCMU",
      "G722",
      "PCMA",
      "opus",
    ]);
  });

  it("are none without audio in the clear", () => {
    expect(codecsOf(remote("m=audio 4000 RTP/SAVP 8"))).toEqual([]);
  });
});
