/** Milliseconds of the machine's monotonic clock: the same in all of its processes. */
export function clockMs(): number {
  return Number(process.hrtime.bigint()) / 1e6;
}
