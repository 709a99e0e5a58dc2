import { parseSdp, type SessionDescription } from "@pbx-x/media";

const read = new WeakMap<Uint8Array, { readonly sdp: SessionDescription | undefined }>();

/** The SDP in a message's body, read once for all who look at it; undefined when it is none (RFC 8866). */
export function readSdp(body: Uint8Array): SessionDescription | undefined {
  const known = read.get(body);
  if (known !== undefined) return known.sdp;
  const sdp = parseSdp(new TextDecoder().decode(body));
  read.set(body, { sdp });
  return sdp;
}
