import { isIP } from "node:net";
import { type CodecName, codecNames, codecs } from "../codecs/codec.ts";
import { type Direction, type MediaDescription, printSdp, type RtpMap, type SessionDescription } from "./sdp.ts";

/** Our side of a session. */
export interface LocalMedia {
  readonly address: string;
  readonly port: number;
  readonly rtcpPort: number;
  /** Most preferred first. */
  readonly codecs: readonly CodecName[];
  readonly sessionId: string;
  /** Rises with every change (RFC 3264 §8). */
  readonly version: number;
  readonly direction: Direction;
  /** Milliseconds; default 20. */
  readonly ptime?: number;
}

/** What both sides agreed on for the one audio stream. */
export interface Negotiated {
  readonly codec: CodecName;
  /** Number that the far side wants to receive the codec as, and that it sends it as (RFC 3264 §5.1). */
  readonly payloadType: number;
  /** Of `telephone-event`; absent where the far side has none. */
  readonly telephoneEvent?: number;
  readonly remoteAddress: string;
  readonly remotePort: number;
  /** 0: it has none. */
  readonly remoteRtcpPort: number;
  readonly rtcpMux: boolean;
  /** Seen from us. */
  readonly direction: Direction;
  /** How the far side holds us, if it does: `inactive` takes no music. */
  readonly hold: "none" | "sendonly" | "inactive";
  readonly ptime: number;
}

export type Answer =
  | { readonly ok: true; readonly sdp: string; readonly negotiated: Negotiated }
  /** `no_audio`: no audio line in the clear, or only at an address that cannot be sent to. */
  | { readonly ok: false; readonly code: "no_audio" | "no_common_codec" };

const dynamicOpus = 107;
const dynamicEvent = 101;

export function createOffer(local: LocalMedia): string {
  const maps = local.codecs.map((name): RtpMap => mapOf(name, codecs[name].payloadType ?? dynamicOpus));
  return printSdp(describe(local, [audio(local, [...maps, eventMap(dynamicEvent)])]));
}

/**
 * Answers an offer (RFC 3264 §6): our most preferred codec that it has, further media refused in their place.
 * The offer's payload types are kept, so both sides use the same numbers.
 */
export function createAnswer(offer: SessionDescription, local: LocalMedia): Answer {
  const chosen = offer.media.findIndex((media) => isUsable(media, offer, local.address));
  const remote = offer.media[chosen];
  if (remote === undefined) return { ok: false, code: "no_audio" };
  const match = matchCodec(remote, local.codecs);
  if (match === undefined) return { ok: false, code: "no_common_codec" };
  const event = eventOf(remote);
  const hold = holdOf(remote, offer);
  const direction = answerDirection(remote, hold, local.direction);
  const maps = [match.map, ...(event === undefined ? [] : [event])];
  const media = offer.media.map((description, index) =>
    index === chosen
      ? { ...audio({ ...local, direction }, maps), rtcpMux: description.rtcpMux, protocol: description.protocol }
      : { ...description, port: 0 },
  );
  return {
    ok: true,
    sdp: printSdp(describe(local, media)),
    negotiated: negotiate(remote, offer, match, event, direction, hold),
  };
}

/** What the answer to our offer means. */
export function acceptAnswer(
  answer: SessionDescription,
  local: LocalMedia,
): Omit<Answer & { ok: true }, "sdp"> | (Answer & { ok: false }) {
  const remote = answer.media.find((media) => isUsable(media, answer, local.address));
  if (remote === undefined) return { ok: false, code: "no_audio" };
  const match = matchCodec(remote, codecsInOrder(remote));
  if (match === undefined || !local.codecs.includes(match.codec)) return { ok: false, code: "no_common_codec" };
  const hold = holdOf(remote, answer);
  const direction = answerDirection(remote, hold, local.direction);
  return { ok: true, negotiated: negotiate(remote, answer, match, eventOf(remote), direction, hold) };
}

/** Codecs of a description that are known here, in its order; for offering the same ones to another leg. */
export function codecsOf(description: SessionDescription): readonly CodecName[] {
  const remote = description.media.find((media) => isAudio(media));
  return remote === undefined ? [] : codecsInOrder(remote);
}

interface CodecMatch {
  readonly codec: CodecName;
  readonly map: RtpMap;
}

function matchCodec(remote: MediaDescription, wanted: readonly CodecName[]): CodecMatch | undefined {
  for (const codec of wanted) {
    const map = remote.rtpMaps.find((candidate) => isMapOf(codec, candidate));
    if (map !== undefined) return { codec, map: mapOf(codec, map.payloadType) };
  }
  return undefined;
}

function codecsInOrder(remote: MediaDescription): readonly CodecName[] {
  return remote.rtpMaps.flatMap((map) => codecNames.filter((name) => isMapOf(name, map)));
}

/** Phones that leave out Opus's second channel are believed; stereo of another codec is something else. */
function isMapOf(codec: CodecName, { encoding, clockRate, channels }: RtpMap): boolean {
  const known = codecs[codec];
  return encoding.toLowerCase() === codec.toLowerCase() && clockRate === known.clockRate && channels <= known.channels;
}

function eventOf(remote: MediaDescription): RtpMap | undefined {
  const found = remote.rtpMaps.find(
    ({ encoding, clockRate }) => encoding.toLowerCase() === "telephone-event" && clockRate === 8000,
  );
  return found === undefined ? undefined : eventMap(found.payloadType);
}

/** SRTP and DTLS are refused: an offer of them alone has no usable audio. */
function isAudio({ media, port, protocol }: MediaDescription): boolean {
  return media === "audio" && port !== 0 && (protocol === "RTP/AVP" || protocol === "RTP/AVPF");
}

/** Audio at an address that our socket can send to: no host name, no group, none of the other IP version. */
function isUsable(media: MediaDescription, session: SessionDescription, own: string): boolean {
  const address = addressOf(media, session);
  const isReachable = isIP(address) !== 0 && (isIP(own) === 0 || isIP(address) === isIP(own));
  return isAudio(media) && isReachable && !isGroup(address);
}

/** Multicast and broadcast: voice for one phone does not go to many. */
function isGroup(address: string): boolean {
  return /^(22[4-9]|23\d|255)\./.test(address) || /^ff/i.test(address);
}

function addressOf(media: MediaDescription, session: SessionDescription): string {
  return media.address ?? session.address ?? session.origin.address;
}

/** `sendonly`, `inactive`, or the connection address 0.0.0.0 of old phones (RFC 2543). */
function holdOf(remote: MediaDescription, session: SessionDescription): Negotiated["hold"] {
  const address = addressOf(remote, session);
  if (remote.direction === "inactive") return "inactive";
  if (address === "0.0.0.0" || address === "::") return "inactive";
  return remote.direction === "sendonly" ? "sendonly" : "none";
}

function answerDirection(remote: MediaDescription, hold: Negotiated["hold"], own: Direction): Direction {
  if (hold === "inactive" || own === "inactive") return "inactive";
  const maySend = (own === "sendrecv" || own === "sendonly") && remote.direction !== "sendonly";
  const mayReceive = (own === "sendrecv" || own === "recvonly") && remote.direction !== "recvonly";
  if (maySend) return mayReceive ? "sendrecv" : "sendonly";
  return mayReceive ? "recvonly" : "inactive";
}

function negotiate(
  remote: MediaDescription,
  session: SessionDescription,
  { codec, map }: CodecMatch,
  event: RtpMap | undefined,
  direction: Direction,
  hold: Negotiated["hold"],
): Negotiated {
  return {
    codec,
    payloadType: map.payloadType,
    ...(event !== undefined && { telephoneEvent: event.payloadType }),
    remoteAddress: addressOf(remote, session),
    remotePort: remote.port,
    remoteRtcpPort: remote.rtcpMux ? remote.port : (remote.rtcpPort ?? (remote.port + 1) % 65_536),
    rtcpMux: remote.rtcpMux,
    direction,
    hold,
    ptime: remote.ptime ?? 20,
  };
}

function mapOf(name: CodecName, payloadType: number): RtpMap {
  const { clockRate, channels, fmtp } = codecs[name];
  return { payloadType, encoding: name, clockRate, channels, ...(fmtp !== undefined && { fmtp }) };
}

function eventMap(payloadType: number): RtpMap {
  return { payloadType, encoding: "telephone-event", clockRate: 8000, channels: 1, fmtp: "0-16" };
}

function audio(local: LocalMedia, maps: readonly RtpMap[]): MediaDescription {
  return {
    media: "audio",
    port: local.port,
    protocol: "RTP/AVP",
    formats: maps.map(({ payloadType }) => String(payloadType)),
    direction: local.direction,
    rtpMaps: maps,
    ptime: local.ptime ?? 20,
    rtcpMux: false,
  };
}

function describe(local: LocalMedia, media: readonly MediaDescription[]): SessionDescription {
  return {
    origin: {
      username: "pbx-x",
      sessionId: local.sessionId,
      version: String(local.version),
      address: local.address,
    },
    address: local.address,
    media,
  };
}
