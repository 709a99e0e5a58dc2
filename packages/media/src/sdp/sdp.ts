/** Directions of RFC 8866 §6.7, seen from the side that writes them. */
export const directions = ["sendrecv", "sendonly", "recvonly", "inactive"] as const;
export type Direction = (typeof directions)[number];

export interface RtpMap {
  readonly payloadType: number;
  /** As written; compare without case. */
  readonly encoding: string;
  readonly clockRate: number;
  readonly channels: number;
  readonly fmtp?: string;
}

/** One `m=` section. */
export interface MediaDescription {
  readonly media: string;
  /** 0: refused. */
  readonly port: number;
  readonly protocol: string;
  /** Payload types (or other formats) in order of preference. */
  readonly formats: readonly string[];
  readonly address?: string;
  readonly direction: Direction;
  readonly rtpMaps: readonly RtpMap[];
  /** Milliseconds. */
  readonly ptime?: number;
  readonly rtcpPort?: number;
  readonly rtcpMux: boolean;
}

/** A session description (RFC 8866), as far as audio calls need it. */
export interface SessionDescription {
  readonly origin: {
    readonly username: string;
    readonly sessionId: string;
    readonly version: string;
    readonly address: string;
  };
  readonly address?: string;
  readonly media: readonly MediaDescription[];
}

const staticMaps: readonly RtpMap[] = [
  { payloadType: 0, encoding: "PCMU", clockRate: 8000, channels: 1 },
  { payloadType: 8, encoding: "PCMA", clockRate: 8000, channels: 1 },
  { payloadType: 9, encoding: "G722", clockRate: 8000, channels: 1 },
];

const maxLines = 500;
const maxCharacters = 65_536;
const maxPort = 65_535;

/**
 * Tolerant where devices are sloppy (order of lines, spaces, attributes on either level). Undefined when unusable: no
 * version 0, an `m=` line that is none, a port beyond 65535, more than 500 lines or 64 Ki characters.
 */
export function parseSdp(text: string): SessionDescription | undefined {
  if (text.length > maxCharacters) return undefined;
  const lines = text.split(/\r\n|\n|\r/).filter((line) => line !== "");
  if (lines.length > maxLines || !lines[0]?.startsWith("v=0")) return undefined;
  const firstMedia = lines.findIndex((line) => line.startsWith("m="));
  const sessionLines = firstMedia < 0 ? lines : lines.slice(0, firstMedia);
  const session = readAttributes(sessionLines);
  const sections: string[][] = [];
  for (const line of firstMedia < 0 ? [] : lines.slice(firstMedia)) {
    if (line.startsWith("m=")) sections.push([line]);
    else sections.at(-1)?.push(line);
  }
  const media: MediaDescription[] = [];
  for (const section of sections) {
    const description = parseMedia(section, session);
    if (description === undefined) return undefined;
    media.push(description);
  }
  const [username = "-", sessionId = "0", version = "0", , , originAddress = ""] = (
    sessionLines.find((line) => line.startsWith("o="))?.slice(2) ?? ""
  ).split(/\s+/);
  return {
    origin: { username, sessionId, version, address: originAddress },
    ...(session.address !== undefined && { address: session.address }),
    media,
  };
}

interface Attributes {
  readonly address?: string;
  readonly direction?: Direction;
  readonly ptime?: number;
  readonly rtcpPort?: number;
  readonly rtcpMux: boolean;
  readonly maps: ReadonlyMap<number, Omit<RtpMap, "payloadType" | "fmtp">>;
  readonly fmtps: ReadonlyMap<number, string>;
}

function readAttributes(lines: readonly string[]): Attributes {
  let address: string | undefined;
  let direction: Direction | undefined;
  let ptime: number | undefined;
  let rtcpPort: number | undefined;
  let rtcpMux = false;
  const maps = new Map<number, Omit<RtpMap, "payloadType" | "fmtp">>();
  const fmtps = new Map<number, string>();
  for (const line of lines) {
    if (line.startsWith("c=")) address = /^c=\s*IN\s+IP[46]\s+([^\s/]+)/i.exec(line)?.[1] ?? address;
    if (!line.startsWith("a=")) continue;
    const attribute = line.slice(2).trim();
    const colon = attribute.indexOf(":");
    if (colon < 0) {
      const flag = attribute.toLowerCase();
      direction = directions.find((name) => name === flag) ?? direction;
      if (flag === "rtcp-mux") rtcpMux = true;
      continue;
    }
    const [name, value] = [attribute.slice(0, colon), attribute.slice(colon + 1).trimStart()];
    if (name === "ptime") ptime = numberOf(value) ?? ptime;
    if (name === "rtcp") rtcpPort = portOf(value.split(/\s/)[0] ?? "") ?? rtcpPort;
    const map =
      name === "rtpmap" ? /^(\d{1,3})\s+([^/\s]+)\s*\/\s*(\d{1,9})(?:\s*\/\s*(\d{1,3}))?(?:\s|$)/.exec(value) : null;
    if (map !== null) {
      const [, payloadType = "", encoding = "", clockRate = "", channels = "1"] = map;
      maps.set(Number(payloadType), { encoding, clockRate: Number(clockRate), channels: Number(channels) });
    }
    const fmtp = name === "fmtp" ? /^(\d{1,3})\s+(.*)$/.exec(value) : null;
    if (fmtp !== null) fmtps.set(Number(fmtp[1]), fmtp[2] ?? "");
  }
  return {
    ...(address !== undefined && { address }),
    ...(direction !== undefined && { direction }),
    ...(ptime !== undefined && { ptime }),
    ...(rtcpPort !== undefined && { rtcpPort }),
    rtcpMux,
    maps,
    fmtps,
  };
}

function parseMedia(lines: readonly string[], session: Attributes): MediaDescription | undefined {
  const match = /^m=\s*(\S+)\s+(\d{1,5})(?:\/\d+)?\s+(\S+)\s*(.*)$/.exec(lines[0] ?? "");
  if (match === null || Number(match[2]) > maxPort) return undefined;
  const [, media = "", port = "", protocol = "", formatText = ""] = match;
  const own = readAttributes(lines.slice(1));
  const formats = formatText.split(/\s+/).filter((format) => format !== "");
  const rtpMaps = formats.flatMap((format): RtpMap[] => {
    const payloadType = payloadTypeOf(format);
    if (payloadType === undefined) return [];
    const map = own.maps.get(payloadType) ?? staticMaps.find((known) => known.payloadType === payloadType);
    if (map === undefined) return [];
    const fmtp = own.fmtps.get(payloadType);
    return [{ ...map, payloadType, ...(fmtp !== undefined && { fmtp }) }];
  });
  const address = own.address ?? session.address;
  const ptime = own.ptime ?? session.ptime;
  return {
    media,
    port: Number(port),
    protocol,
    formats,
    ...(address !== undefined && { address }),
    direction: own.direction ?? session.direction ?? "sendrecv",
    rtpMaps,
    ...(ptime !== undefined && { ptime }),
    ...(own.rtcpPort !== undefined && { rtcpPort: own.rtcpPort }),
    rtcpMux: own.rtcpMux,
  };
}

export function printSdp({ origin, address, media }: SessionDescription): string {
  const session = address ?? origin.address;
  const lines = [
    "v=0",
    `o=${origin.username} ${origin.sessionId} ${origin.version} IN ${ipVersion(origin.address)} ${origin.address}`,
    "s=-",
    `c=IN ${ipVersion(session)} ${session}`,
    "t=0 0",
    ...media.flatMap((description) => printMedia(description, session)),
  ];
  return `${lines.join("\r\n")}\r\n`;
}

function printMedia(media: MediaDescription, sessionAddress: string): readonly string[] {
  const head = `m=${media.media} ${media.port} ${media.protocol} ${media.formats.join(" ")}`;
  if (media.port === 0) return [head];
  const { address = sessionAddress } = media;
  return [
    head,
    ...(address === sessionAddress ? [] : [`c=IN ${ipVersion(address)} ${address}`]),
    ...media.rtpMaps.flatMap(({ payloadType, encoding, clockRate, channels, fmtp }) => [
      `a=rtpmap:${payloadType} ${encoding}/${clockRate}${channels > 1 ? `/${channels}` : ""}`,
      ...(fmtp === undefined ? [] : [`a=fmtp:${payloadType} ${fmtp}`]),
    ]),
    ...(media.ptime === undefined ? [] : [`a=ptime:${media.ptime}`]),
    ...(media.rtcpMux ? ["a=rtcp-mux"] : []),
    ...(media.rtcpPort === undefined ? [] : [`a=rtcp:${media.rtcpPort}`]),
    `a=${media.direction}`,
  ];
}

function ipVersion(address: string): "IP4" | "IP6" {
  return address.includes(":") ? "IP6" : "IP4";
}

function portOf(text: string): number | undefined {
  const port = numberOf(text);
  return port === undefined || port === 0 || port > maxPort ? undefined : port;
}

/** Seven bits (RFC 3550 §5.1). */
function payloadTypeOf(format: string): number | undefined {
  return /^\d{1,3}$/.test(format) && Number(format) < 128 ? Number(format) : undefined;
}

function numberOf(text: string): number | undefined {
  return /^\d{1,6}$/.test(text.trim()) ? Number(text) : undefined;
}
