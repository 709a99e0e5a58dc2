import { describe, expect, it } from "vitest";
import { type MenuInput, type MenuMessage, moveMenu, openMenu } from "./menu-session.ts";

const messages: readonly MenuMessage[] = [
  { id: "a", isRead: false, isUrgent: true },
  { id: "b", isRead: true, isUrgent: false },
];
const loaded: MenuInput = { kind: "loaded", messages };
const spoken: MenuInput = { kind: "spoken" };
const waited: MenuInput = { kind: "waited" };
const right: MenuInput = { kind: "pinChecked", isRight: true };
const wrong: MenuInput = { kind: "pinChecked", isRight: false };
const keys = (digits: string): readonly MenuInput[] => digits.split("").map((digit) => ({ kind: "key", digit }));

/** What the menu does at each input, in short words. */
function run(needsPin: boolean, inputs: readonly MenuInput[]): readonly string[] {
  let { session, effects } = openMenu(needsPin);
  const did = [short(effects)];
  for (const input of inputs) {
    ({ session, effects } = moveMenu(session, input));
    did.push(short(effects));
  }
  return did;
}

function short(effects: ReturnType<typeof moveMenu>["effects"]): string {
  const words = effects.map((effect) => {
    if (effect.do === "checkPin") return `check ${effect.pin}`;
    if (effect.do === "markRead" || effect.do === "delete") return `${effect.do} ${effect.messageId}`;
    if (effect.do !== "say") return effect.do;
    return effect.sounds
      .map((sound) => {
        if ("announcement" in sound) return sound.announcement.replace("voicemail-", "");
        if ("messageId" in sound) return sound.messageId;
        return "tone" in sound ? sound.tone : `the ${sound.greeting} greeting`;
      })
      .join(" ");
  });
  return words.join(", ");
}

const first = "new-messages number-1 old-messages number-1 urgent-message number-1 a menu";

describe("the menu of the own mailbox", () => {
  it.each<[string, boolean, readonly MenuInput[], readonly string[]]>([
    ["no PIN: the counts, then the new ones first", false, [loaded], ["load", first]],
    [
      "no messages: still time to change the greeting, then the end",
      false,
      [{ kind: "loaded", messages: [] }, spoken, ...keys("127"), waited, spoken],
      ["load", "no-messages greeting-hint", "wait", "", "", "", "goodbye", "hangUp"],
    ],
    [
      "a message is read once it was heard",
      false,
      [loaded, { kind: "heard", messageId: "a" }],
      ["load", first, "markRead a"],
    ],
    ["1 again", false, [loaded, ...keys("1")], ["load", first, "urgent-message number-1 a menu"]],
    [
      "2 next, behind the last one the end",
      false,
      [loaded, ...keys("22"), spoken],
      ["load", first, "message number-2 b menu", "end", "hangUp"],
    ],
    [
      "7 deletes and goes on",
      false,
      [loaded, ...keys("7")],
      ["load", first, "delete a, deleted message number-2 b menu"],
    ],
    [
      "7 at the last one",
      false,
      [loaded, ...keys("27"), spoken],
      ["load", first, "message number-2 b menu", "delete b, deleted end", "hangUp"],
    ],
    ["# ends", false, [loaded, ...keys("#"), ...keys("7"), spoken], ["load", first, "goodbye", "", "hangUp"]],
    ["other keys do nothing", false, [loaded, ...keys("5*")], ["load", first, "", ""]],
    [
      "no key: the menu once more, then the end",
      false,
      [loaded, spoken, waited, spoken, waited, spoken],
      ["load", first, "wait", "menu greeting-hint", "wait", "goodbye", "hangUp"],
    ],
    [
      "the right PIN",
      true,
      [spoken, ...keys("12#"), right, loaded],
      ["enter-pin", "wait", "wait", "wait", "check 12", "load", first],
    ],
    ["* begins the PIN anew", true, keys("9*1#"), ["enter-pin", "wait", "wait", "wait", "check 1"]],
    [
      "wrong three times",
      true,
      [...keys("1#"), wrong, ...keys("2#"), wrong, waited, spoken],
      [
        "enter-pin",
        "wait",
        "check 1",
        "wrong-pin enter-pin",
        "wait",
        "check 2",
        "wrong-pin enter-pin",
        "wrong-pin",
        "hangUp",
      ],
    ],
    ["keys while the PIN is checked do nothing", true, [...keys("1#7")], ["enter-pin", "wait", "check 1", ""]],
  ])("[V1] [V34] %s", (_name, needsPin, inputs, expected) => {
    expect(run(needsPin, inputs)).toEqual(expected);
  });
});
