import { describe, expect, it } from "vitest";
import { type MenuInput, moveMenu, openMenu } from "./menu-session.ts";

const spoken: MenuInput = { kind: "spoken" };
const recorded: MenuInput = { kind: "recorded", isUsable: true };
const key = (digit: string): MenuInput => ({ kind: "key", digit });

/** What the menu does at each input after the owner of an empty mailbox pressed 0. */
function run(...inputs: readonly MenuInput[]): readonly string[] {
  let { session } = openMenu(false);
  const did: string[] = [];
  for (const input of [{ kind: "loaded", messages: [] } as const, key("0"), ...inputs]) {
    const move = moveMenu(session, input);
    session = move.session;
    const words = move.effects.map((effect) => {
      if (effect.do !== "say") return effect.do;
      return effect.sounds
        .map((sound) => {
          if ("announcement" in sound) return sound.announcement.replace("voicemail-greeting-", "");
          return "greeting" in sound ? `(${sound.greeting})` : "tone" in sound ? sound.tone : sound.messageId;
        })
        .join(" ");
    });
    did.push(words.join(", "));
  }
  return did.slice(1);
}

describe("[V35] the own greeting at the phone", () => {
  it.each<[string, readonly MenuInput[], readonly string[]]>([
    ["1 plays the one that callers hear", [spoken, key("1")], ["options", "wait", "(current) options"]],
    [
      "2 records after the tone until a key; 1 plays it, 3 keeps it",
      [key("2"), spoken, key("#"), recorded, key("1"), key("3"), { kind: "saved", isSaved: true }],
      [
        "options",
        "menu beep",
        "recordGreeting",
        "stopGreeting",
        "draft",
        "(draft) draft",
        "keepGreeting",
        "saved options",
      ],
    ],
    [
      "once more in place of what was recorded",
      [key("2"), spoken, recorded, key("2"), spoken],
      ["options", "menu beep", "recordGreeting", "draft", "menu beep", "recordGreeting"],
    ],
    [
      "too short: asked again, nothing to keep",
      [key("2"), spoken, { kind: "recorded", isUsable: false }, key("3")],
      ["options", "menu beep", "recordGreeting", "options", ""],
    ],
    [
      "could not be kept: it is still there to try again",
      [key("2"), spoken, recorded, key("3"), { kind: "saved", isSaved: false }],
      ["options", "menu beep", "recordGreeting", "draft", "keepGreeting", "draft"],
    ],
    ["7 deletes", [key("7")], ["options", "deleteGreeting, deleted options"]],
    [
      "7 does nothing while one is to be kept",
      [key("2"), spoken, recorded, key("7")],
      ["options", "menu beep", "recordGreeting", "draft", ""],
    ],
    ["# goes back to the messages", [key("#")], ["options", "load"]],
    [
      "# drops what was recorded",
      [key("2"), spoken, recorded, key("#")],
      ["options", "menu beep", "recordGreeting", "draft", "dropDraft, load"],
    ],
    ["no key goes back", [spoken, { kind: "waited" }], ["options", "wait", "load"]],
    ["keys before the tone do nothing", [key("2"), key("#"), spoken], ["options", "menu beep", "", "recordGreeting"]],
  ])("[V35] %s", (_name, inputs, expected) => {
    expect(run(...inputs)).toEqual(expected);
  });
});
