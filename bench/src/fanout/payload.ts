const start = Date.parse("2026-01-01T00:00:00.000Z");

/** An event of about 400 bytes, as the calls of a busy system make them. */
export function eventObject(index: number) {
  return {
    eventId: "019a0000-0000-7000-8000-000000000000",
    seq: 1_000_000 + index,
    type: "CALL_RINGING",
    timestamp: new Date(start + index).toISOString(),
    data: eventData(),
  };
}

export function eventData() {
  return {
    callId: "019a0000-0000-7000-8000-000000000001",
    caller: { number: "+49301234567", name: "Max Mustermann" },
    callee: { number: "200", name: "Anna Schmidt" },
    state: "ringing",
    version: 2,
    threadId: "019a0000-0000-7000-8000-000000000001",
    causedBy: { via: "phone" },
  };
}

export function eventText(index: number): string {
  return JSON.stringify(eventObject(index));
}
