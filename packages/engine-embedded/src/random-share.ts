/** 0 ≤ share < 1, out of random text. */
export function randomShare(text: string): number {
  let sum = 0;
  for (const character of text) sum = (sum * 31 + character.charCodeAt(0)) % 1000;
  return sum / 1000;
}
