import type { Scheduler } from "@pbx-x/telephony";

/** So long does who wants to read, or to stop, wait for what is still to be written. */
export const writeWaitMs = 3000;

/** Resolves when the work is done, at the latest after this time; the work goes on. Rejects as the work does until then. */
export async function noLongerThan(work: Promise<unknown>, ms: number, scheduler: Scheduler): Promise<void> {
  let cancel = (): void => undefined;
  const late = new Promise<void>((resolve) => (cancel = scheduler.after(ms, resolve)));
  try {
    await Promise.race([work, late]);
  } finally {
    cancel();
  }
}
