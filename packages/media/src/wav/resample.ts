/** Zero crossings of the filter on each side: more is a steeper edge and more work. */
const lobes = 16;
/** Of the lower of both Nyquist frequencies; what is above would come back as another tone. */
const passband = 0.92;

/**
 * The same sound at another rate: a windowed sinc low-pass in as many phases as both rates have between them. What cannot
 * be said at the new rate is left out, not folded back.
 */
export function resample(samples: Int16Array, from: number, to: number): Int16Array {
  if (from === to) return samples;
  const divisor = greatestCommonDivisor(from, to);
  const [step, phases] = [from / divisor, to / divisor];
  const scale = Math.min(1, to / from) * passband;
  const reach = Math.ceil(lobes / scale);
  const filters = Array.from({ length: phases }, (_, phase) => filterOf(phase / phases, reach, scale));
  const result = new Int16Array(Math.floor((samples.length * phases) / step));
  for (let index = 0; index < result.length; index += 1) {
    const at = index * step;
    const start = Math.floor(at / phases) - reach + 1;
    const filter = filters[at % phases];
    if (filter === undefined) continue;
    let sum = 0;
    for (let tap = Math.max(0, -start); tap < filter.length && start + tap < samples.length; tap += 1) {
      sum += (filter[tap] ?? 0) * (samples[start + tap] ?? 0);
    }
    result[index] = Math.max(-32_768, Math.min(32_767, Math.round(sum)));
  }
  return result;
}

/** Weights of the samples around a point that lies `fraction` behind one of them; together they are one. */
function filterOf(fraction: number, reach: number, scale: number): Float64Array {
  const weights = new Float64Array(reach * 2);
  let total = 0;
  for (let tap = 0; tap < weights.length; tap += 1) {
    const distance = tap - (reach - 1) - fraction;
    const x = distance * scale;
    const sinc = x === 0 ? 1 : Math.sin(Math.PI * x) / (Math.PI * x);
    const window = Math.abs(distance) >= reach ? 0 : 0.5 + 0.5 * Math.cos((Math.PI * distance) / reach);
    weights[tap] = sinc * window;
    total += sinc * window;
  }
  return weights.map((weight) => weight / total);
}

function greatestCommonDivisor(a: number, b: number): number {
  return b === 0 ? a : greatestCommonDivisor(b, a % b);
}
