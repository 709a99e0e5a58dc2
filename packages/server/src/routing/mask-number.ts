/** An outside number for logs and alerts: enough to find the call, not enough to know whom ([G13]). */
export function maskNumber(number: string): string {
  return number.length <= 6 ? number : `${number.slice(0, 4)}…${number.slice(-2)}`;
}
