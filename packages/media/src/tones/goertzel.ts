/** Share of a signal's energy at one frequency, 0–1 (Goertzel's algorithm); 0 for silence and for no samples. */
export function goertzel(samples: Int16Array, frequencyHz: number, sampleRate = 8000): number {
  const coefficient = 2 * Math.cos((2 * Math.PI * frequencyHz) / sampleRate);
  let before = 0;
  let last = 0;
  let energy = 0;
  for (const sample of samples) {
    const next = sample + coefficient * last - before;
    before = last;
    last = next;
    energy += sample * sample;
  }
  if (samples.length === 0 || energy < samples.length * 100) return 0;
  const power = last * last + before * before - coefficient * last * before;
  return Math.min(1, (2 * power) / (samples.length * energy));
}
