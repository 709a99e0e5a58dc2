import { commit, emptyTables, type Change } from "@pbx-x/protocol/runtime";
import { describe, expect, it } from "vitest";
import { writtenOut } from "./own-channels.ts";
import { outsideOf } from "./state-difference.ts";

const anna = { permissions: new Set<never>(), extensionId: "e200", extensionNumber: "200" };

function extension(number: string): Change {
  const after = { number, extensionId: `e${number}`, seq: 1 };
  return { table: "extensions", key: number, before: undefined, after };
}

describe("the channels that `me` stands for", () => {
  it("[M8] what belongs to the user stays when another channel is released", () => {
    const tables = emptyTables();
    commit(tables, [extension("200"), extension("201")]);
    const gone = outsideOf(tables, writtenOut(["me"], anna, tables));
    expect(gone.map(({ key }) => key)).toEqual(["201"]);
  });

  it("[M8] own queues are those that the own agent is logged in to", () => {
    const tables = emptyTables();
    const agent = {
      agentId: "a1",
      extensionId: "e200",
      number: "200",
      name: "Anna",
      status: "available",
      seq: 1,
    } as const;
    const membership = { key: "a1 q1", agentId: "a1", queueId: "q1", seq: 1 };
    commit(tables, [
      { table: "agents", key: "a1", before: undefined, after: agent },
      { table: "memberships", key: "a1 q1", before: undefined, after: membership },
    ]);
    expect(writtenOut(["trunks", "me"], anna, tables)).toEqual([
      "trunks",
      "extension:200",
      "calls:e200",
      "me:e200",
      "agents:a1",
      "queues:q1",
      "conferences",
    ]);
  });
});
