const magicCookie = 0x21_12_a4_42;

/** A STUN binding request (RFC 5389 §6), as phones send to the SIP port to keep a NAT open. */
export function isStunBindingRequest(bytes: Uint8Array): boolean {
  if (bytes.length < 20) return false;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  return view.getUint16(0) === 0x0001 && view.getUint32(4) === magicCookie && view.getUint16(2) === bytes.length - 20;
}

/** The answer with XOR-MAPPED-ADDRESS (RFC 5389 §15.2); undefined for an address that is neither IPv4 nor IPv6. */
export function stunBindingAnswer(
  request: Uint8Array,
  source: { readonly address: string; readonly port: number },
): Uint8Array | undefined {
  const address = addressBytes(source.address);
  if (address === undefined) return undefined;
  const isV4 = address.length === 4;
  const answer = new Uint8Array(20 + 8 + address.length);
  const view = new DataView(answer.buffer);
  view.setUint16(0, 0x0101);
  view.setUint16(2, 8 + address.length);
  answer.set(request.subarray(4, 20), 4);
  view.setUint16(20, 0x0020);
  view.setUint16(22, 4 + address.length);
  view.setUint16(24, isV4 ? 1 : 2);
  view.setUint16(26, source.port ^ (magicCookie >>> 16));
  for (const [index, byte] of address.entries()) answer[28 + index] = byte ^ (answer[4 + index] ?? 0);
  return answer;
}

function addressBytes(address: string): readonly number[] | undefined {
  const v4 = /^(?:::ffff:)?(\d{1,3})\.(\d{1,3})\.(\d{1,3})\.(\d{1,3})$/i.exec(address);
  if (v4 !== null) return v4.slice(1).map(Number);
  const [head = "", tail, ...more] = address.split("::");
  if (more.length > 0 || !address.includes(":")) return undefined;
  const groups = (text: string): string[] => (text === "" ? [] : text.split(":").flatMap(mixedGroups));
  const [before, after] = [groups(head), groups(tail ?? "")];
  const zeros = tail === undefined ? 0 : 8 - before.length - after.length;
  const all = [...before, ...Array<string>(Math.max(0, zeros)).fill("0"), ...after];
  if (all.length !== 8) return undefined;
  const values = all.map((group) => Number.parseInt(group, 16));
  return values.some(Number.isNaN) ? undefined : values.flatMap((value) => [value >> 8, value & 0xff]);
}

/** The last 32 bits of an IPv6 address may be written as IPv4 (RFC 4291 §2.2). */
function mixedGroups(group: string): readonly string[] {
  const [a, b, c, d, ...more] = group.split(".").map(Number);
  if (a === undefined || b === undefined || c === undefined || d === undefined || more.length > 0) return [group];
  return [(a * 256 + b).toString(16), (c * 256 + d).toString(16)];
}
