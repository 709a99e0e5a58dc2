/** Constants of ITU-T G.722 (64 kbit/s), in the integer scaling of its tables. */

/** One half of the symmetric 24-tap filter pair, its even taps (table 11). */
export const qmfTaps: readonly number[] = [3, -11, 12, 32, -210, 951, 3876, -805, 362, -156, 53, -11];

/** Decision levels of the 60-level quantizer of the lower band, in 1/4096 of the scale factor (table 14). */
export const lowerDecisions: readonly number[] = [
  35, 72, 110, 150, 190, 233, 276, 323, 370, 422, 473, 530, 587, 650, 714, 786, 858, 940, 1023, 1121, 1219, 1339, 1458,
  1612, 1765, 1980, 2195, 2557, 2919,
];

/** Output of the inverse 4-bit quantizer of the lower band by code, in 1/32768 of the scale factor (table 17). */
export const lowerOutputs4: readonly number[] = [
  0, -20456, -12896, -8968, -6288, -4240, -2584, -1200, 20456, 12896, 8968, 6288, 4240, 2584, 1200, 0,
];

const lowerMagnitudes6 = [
  24808, 21904, 19008, 16704, 14984, 13512, 12280, 11192, 10232, 9360, 8576, 7856, 7192, 6576, 6000, 5456, 4944, 4464,
  4008, 3576, 3168, 2776, 2400, 2032, 1688, 1360, 1040, 728,
] as const;

/** Output of the inverse 6-bit quantizer of the lower band by code; codes 0–3 are never sent. */
export const lowerOutputs6: readonly number[] = [
  -136,
  -136,
  -136,
  -136,
  ...lowerMagnitudes6.map((magnitude) => -magnitude),
  ...lowerMagnitudes6,
  432,
  136,
  -432,
  -136,
];

/** Step of the lower band's logarithmic scale factor by 4-bit code (tables 17 and 18). */
export const lowerLogSteps: readonly number[] = [
  -60, 3042, 1198, 538, 334, 172, 58, -30, 3042, 1198, 538, 334, 172, 58, -30, -60,
];

/** Decision level of the 4-level quantizer of the higher band. */
export const higherDecision = 564;

/** Output of the inverse quantizer of the higher band by 2-bit code. */
export const higherOutputs: readonly number[] = [-7408, -1616, 7408, 1616];

/** Step of the higher band's logarithmic scale factor by 2-bit code. */
export const higherLogSteps: readonly number[] = [798, -214, 798, -214];

/** 2048 · 2^(n/32): from logarithmic to linear scale factor. */
export const powersOfTwo: readonly number[] = Array.from({ length: 32 }, (_, step) =>
  Math.round(2048 * 2 ** (step / 32)),
);
