/** One message of RFC 4475, "SIP Torture Test Messages". */
export interface TortureMessage {
  /** Name of the file in the RFC's archive, without its ending. */
  readonly name: string;
  readonly section: string;
  /** What is unusual or wrong about it. */
  readonly about: string;
  readonly bytes: Uint8Array;
}

const encoder = new TextEncoder();

/** @param text with plain line feeds, which become CRLF; whatever has to be more exact comes as bytes */
export function torture(section: string, name: string, about: string, ...parts: readonly (string | Uint8Array)[]) {
  const chunks = parts.map((part) => (typeof part === "string" ? encoder.encode(part.replaceAll("\n", "\r\n")) : part));
  const bytes = new Uint8Array(chunks.reduce((sum, chunk) => sum + chunk.length, 0));
  let at = 0;
  for (const chunk of chunks) {
    bytes.set(chunk, at);
    at += chunk.length;
  }
  return { name, section, about, bytes } satisfies TortureMessage;
}

/** The session description that most of the messages carry. */
export function sdp(address: string, time = "0 0"): string {
  return `v=0
o=mhandley 29739 7272939 IN IP4 ${address}
s=-
c=IN IP4 ${address}
t=${time}
m=audio 49217 RTP/AVP 0 12
m=video 3227 RTP/AVP 31
a=rtpmap:31 LPC
`;
}
