/**
 * How long to wait before an offer that met the far side's (491) is made again, in milliseconds (RFC 3261 §14.1): the side
 * that made the Call-ID 2.1–4 s, the other 0–2 s, in steps of 10 ms, so that they do not meet again.
 * @param random 0 ≤ value < 1
 */
export function glareDelayMs(ownsCallId: boolean, random: number): number {
  return ownsCallId ? 2100 + Math.floor(random * 191) * 10 : Math.floor(random * 201) * 10;
}
