import { describe, expect, it } from "vitest";
import { type Proof, proofsOf, provenIn, renderConformance } from "../e2e/src/conformance/document.ts";
import { additiveItems, specifiedItems } from "../e2e/src/conformance/items.ts";

const items = specifiedItems();
const busy: Proof = {
  file: "hangup-causes.test.ts",
  title: "[C13] busy: 486",
  evidence: ["event:CALL_ENDED", "event:CALL_ENDED=busy"],
};

describe("the table of conformance", () => {
  it("[W59] has every event, command, channel, code and closed value of the specification, each once", () => {
    const ids = items.map(({ id }) => id);
    expect(new Set(ids).size).toBe(ids.length);
    expect(ids.filter((id) => id.startsWith("event:") && !id.includes("="))).toHaveLength(36);
    expect(ids.filter((id) => id.startsWith("command:"))).toHaveLength(18);
    expect(ids.filter((id) => id.startsWith("channel:"))).toHaveLength(7);
    expect(ids.filter((id) => id.startsWith("error:"))).toHaveLength(9);
    expect(ids.filter((id) => id.startsWith("event:DISCONNECTED="))).toHaveLength(4);
    expect(ids.filter((id) => id.startsWith("event:CALL_ENDED="))).toHaveLength(7);
  });

  it("[W59] says proven only of what a test has seen, and reads back what it says", () => {
    const document = renderConformance(items, additiveItems(), [busy]);
    expect(document).toContain(`**2 of ${items.length}**`);
    expect([...provenIn(document, items)].toSorted()).toEqual(["event:CALL_ENDED", "event:CALL_ENDED=busy"]);
  });

  it("[W59] has every event and command beyond it in a second table", () => {
    const additions = additiveItems(items);
    const [hold, conference] = [{ id: "command:hold" }, { id: "command:conferenceLock" }];
    expect(additions).not.toContainEqual(expect.objectContaining(hold));
    expect(additions).toContainEqual(expect.objectContaining(conference));
    const proof: Proof = { file: "conference.test.ts", title: "[V2] locks", evidence: [conference.id] };
    const document = renderConformance(items, additions, [proof]);
    expect(document).toContain(`**1 of ${additions.length}**`);
    expect([...provenIn(document, additions)]).toEqual([conference.id]);
  });

  it("[W59] proves what is no message by the rule that a test names", () => {
    const token = items.find(({ id }) => id === "§1 token in the query");
    const proof: Proof = { file: "tokens.test.ts", title: "[W10] [W11] a good token opens it", evidence: [] };
    expect(token && proofsOf(token, [busy, proof])).toEqual([proof]);
  });
});
