import type { WordTable } from "./word-table.ts";

export const queueWords = {
  "agent.available": ["Available", "Verfügbar"],
  "agent.busy": ["Busy", "Beschäftigt"],
  "agent.wrap_up": ["Wrap-up", "Nachbearbeitung"],
  "agent.break": ["Break", "Pause"],
  "agent.offline": ["Logged out", "Abgemeldet"],
} as const satisfies WordTable;
