import { describe, expect, it } from "vitest";
import { type MailboxInput, type MailboxSession, moveMailbox, openMailbox } from "./mailbox-session.ts";

const played: MailboxInput = { kind: "played" };
const gone: MailboxInput = { kind: "gone" };
const enough: MailboxInput = { kind: "enough" };
const key = (digit: string): MailboxInput => ({ kind: "key", digit });

/** What a mailbox does at each input, in short words. */
function run(inputs: readonly MailboxInput[], isFull = false): { did: string[]; last: MailboxSession } {
  let { session, effects } = openMailbox(isFull);
  const did = [short(effects)];
  for (const input of inputs) {
    ({ session, effects } = moveMailbox(session, input));
    did.push(short(effects));
  }
  return { did, last: session };
}

function short(effects: ReturnType<typeof moveMailbox>["effects"]): string {
  return effects.map((effect) => (effect.do === "say" ? effect.announcement : effect.do)).join("+");
}

describe("leaving a message", () => {
  it.each<[string, readonly MailboxInput[], readonly string[]]>([
    ["hangs up", [played, played, gone], ["voicemail-greeting", "beep", "record", "stopRecording"]],
    ["presses #", [played, played, key("#")], ["voicemail-greeting", "beep", "record", "stopRecording+hangUp"]],
    ["says nothing more", [played, played, enough], ["voicemail-greeting", "beep", "record", "stopRecording+hangUp"]],
    ["skips the greeting", [key("#"), played], ["voicemail-greeting", "beep", "record"]],
    ["does not wait for the tone", [gone, played], ["voicemail-greeting", "", ""]],
    ["presses # twice", [key("#"), key("#"), played], ["voicemail-greeting", "beep", "", "record"]],
    ["cannot be recorded", [played, played, { kind: "failed" }], ["voicemail-greeting", "beep", "record", "hangUp"]],
    ["presses other keys", [key("5"), played, key("7")], ["voicemail-greeting", "", "beep", ""]],
    ["talks while a playback ends late", [played, played, played], ["voicemail-greeting", "beep", "record", ""]],
    ["is silent before the tone", [enough, played], ["voicemail-greeting", "", "beep"]],
  ])("[V1] [V30] the caller %s", (_name, inputs, expected) => {
    expect(run(inputs).did).toEqual(expected);
  });

  it.each([
    ["greeting", [key("9"), played, played]],
    ["message", [played, played, key("9")]],
  ] as const)("[V1] 9 in the %s marks it urgent", (_when, inputs) => {
    expect(run(inputs).last).toMatchObject({ step: "recording", isUrgent: true });
  });

  it("[V30] a full mailbox says so and hangs up; no key changes that", () => {
    expect(run([key("#"), key("9"), played, played], true).did).toEqual(["voicemail-full", "", "", "hangUp", ""]);
  });
});
