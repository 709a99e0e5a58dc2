/** Root mean square, 0–32,767; 0 for no samples. */
export function loudnessOf(samples: Int16Array): number {
  return Math.sqrt(samples.reduce((sum, value) => sum + value ** 2, 0) / Math.max(1, samples.length));
}
