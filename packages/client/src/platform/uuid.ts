/** Makes UUIDs of version 7 (RFC 9562, 5.7): time first, so that they sort by age. */
export function uuidV7(wallMs: number, random: () => number): string {
  const hex = (value: number, digits: number): string => value.toString(16).padStart(digits, "0").slice(-digits);
  const bits = (count: number): number => Math.floor(random() * 2 ** count);
  const time = hex(Math.max(0, Math.floor(wallMs)), 12);
  const digits = `${time}7${hex(bits(12), 3)}${hex(0x8000 + bits(14), 4)}${hex(bits(24), 6)}${hex(bits(24), 6)}`;
  return digits.replace(/(.{8})(.{4})(.{4})(.{4})/, "$1-$2-$3-$4-");
}
