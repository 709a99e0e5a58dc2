import { TestRunner } from "vitest";

declare module "vitest" {
  interface TaskMeta {
    /** What the test has seen of the specification with its own eyes: ids of items. */
    evidence?: string[];
  }
}

/** Notes what the running test waited for and got; nothing outside of a test. */
export function note(...ids: readonly string[]): void {
  const test = TestRunner.getCurrentTest();
  if (test === undefined) return;
  const evidence = (test.meta.evidence ??= []);
  for (const id of ids) if (!evidence.includes(id)) evidence.push(id);
}

/** An awaited event proves its type, and each closed value in it. */
export function noteEvent(type: string, data: Readonly<Record<string, unknown>>): void {
  const words = Object.values(data).filter((value) => typeof value === "string" && /^[a-z_]+$/.test(value));
  note(`event:${type}`, ...words.map((value) => `event:${type}=${String(value)}`));
}

/** An answer proves the command, or the code of its refusal. */
export function noteAnswer(
  command: string,
  answer: { readonly success: boolean; readonly error?: { readonly code: string } },
): void {
  if (answer.success) note(`command:${command}`);
  else if (answer.error !== undefined) note(`error:${answer.error.code}`);
}

/** An event that came over a socket with this one subscription proves the channel. */
export function noteChannel(channel: string): void {
  note(`channel:${channel.replace(/:.*$/, ":…")}`);
}
