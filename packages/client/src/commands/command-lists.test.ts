import { commands } from "@pbx-x/protocol";
import { describe, expect, it } from "vitest";
import { commandGroups, commandOf, repeatableCommands } from "./command-lists.ts";

const sessionCommands = ["subscribe", "unsubscribe", "listChannels", "refreshToken", "ping"];

describe("the client's lists of commands", () => {
  it("[K4] repeats exactly what the contract calls idempotent", () => {
    const idempotent = Object.values(commands)
      .filter(({ isIdempotent }) => isIdempotent)
      .map(({ name }) => name);
    expect([...repeatableCommands].toSorted()).toEqual(idempotent.toSorted());
  });

  it("[K1] has a method for every command but those of the session", () => {
    const methods = Object.entries(commandGroups).flatMap(([group, names]) =>
      names.map((name) => commandOf(group, name)),
    );
    expect([...methods, ...sessionCommands].toSorted()).toEqual(Object.keys(commands).toSorted());
  });
});
