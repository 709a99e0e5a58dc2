import { randomBytes } from "node:crypto";
import { createUuidV7 } from "../ids.ts";
import { createSqliteEventLog } from "./sqlite-event-log.ts";

/** A process for the crash test: appends for ever and prints each position that the log called durable. */
const now = (): number => Date.now();
const newId = createUuidV7({ now, randomBytes: (size) => randomBytes(size) });
const log = await createSqliteEventLog({ path: process.argv[2] ?? "", newId, now });
log.onCommitted((batch) => {
  process.stdout.write(`${batch.at(-1)?.seq ?? 0} ${batch.at(-1)?.eventId ?? ""}\n`);
});
for (let round = 0; ; round += 1) {
  const data = { callId: "c", note: `event ${round}` };
  await log.append([{ type: "CALL_CREATED", callId: "c", audience: {}, data }]).committed;
}
