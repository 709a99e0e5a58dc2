import { describe, expect, it } from "vitest";
import { createTalkingBench } from "../parking/parking-testbench.ts";
import { auditControl } from "./control-audit.ts";

async function audited() {
  const bench = await createTalkingBench();
  const entries: (readonly [string | undefined, string, string, unknown])[] = [];
  const commands = auditControl(bench.commands, {
    calls: bench.calls,
    extensions: bench.extensions,
    audit: { write: (...entry) => void entries.push([entry[0], entry[1], entry[2], entry[3]]) },
  });
  const idOf = (number: string): string => bench.extensions.byNumber(number)?.id ?? "";
  return { ...bench, commands, entries, idOf };
}

describe("[C73] who controls calls of others", () => {
  it("[C73] is in the audit log, with the call and for whom", async () => {
    const { commands, entries, as, callId, idOf } = await audited();
    const supervisor = as("202", "all");
    await commands.hold({ callId, extensionId: idOf("201") }, supervisor);
    await commands.unhold({ callId, extensionId: idOf("201") }, supervisor);
    await commands.hangup({ callId }, supervisor);
    expect(entries).toEqual([
      [supervisor.identity.userId, "call.hold", callId, { extensionId: idOf("201") }],
      [supervisor.identity.userId, "call.unhold", callId, { extensionId: idOf("201") }],
      [supervisor.identity.userId, "call.hangup", callId, { extensionId: idOf("200") }],
    ]);
  });

  it("[C73] is so too who calls as somebody else", async () => {
    const { commands, entries, as, idOf } = await audited();
    const made = await commands.originate({ from: "200", to: "201" }, as("202", "all"));
    expect(made.ok).toBe(true);
    expect(entries).toEqual([
      [as("202").identity.userId, "call.originate", made.ok && made.data.callId, { extensionId: idOf("200") }],
    ]);
  });

  it("[C73] but not one's own calls, nor what was refused", async () => {
    const { commands, entries, as, callId, idOf } = await audited();
    await commands.hold({ callId }, as("200"));
    await commands.unhold({ callId, extensionId: idOf("200") }, as("200"));
    expect((await commands.hangup({ callId, extensionId: idOf("201") }, as("202"))).ok).toBe(false);
    expect((await commands.hangup({ callId }, as("200"))).ok).toBe(true);
    expect(entries).toEqual([]);
  });
});
