import { type CommandParsing, parseCommandFrame, parseCommandObject } from "@pbx-x/protocol";

/** Gets the answer of a command. */
export type Acknowledge = (answer: unknown) => void;

/** What a Socket.IO client said ([W18]). */
export interface CommandMessage {
  readonly parsed: CommandParsing;
  readonly acknowledge: Acknowledge | undefined;
}

/**
 * Reads an event of a client: `emit("command", { id, command, params }, ack)`, or the short form `emit(name, params, ack)`.
 * An `id` may be left out: the acknowledgement belongs to its command without one.
 */
export function readCommandMessage(event: string, args: readonly unknown[], newId: () => string): CommandMessage {
  const last = args.at(-1);
  // The library makes it; it takes what is to be sent.
  const acknowledge = typeof last === "function" ? (last as Acknowledge) : undefined;
  const [given] = acknowledge === undefined ? args : args.slice(0, -1);
  if (event === "command") return { parsed: parseMessage(given, newId), acknowledge };
  return { parsed: parseCommandObject({ id: newId(), command: event, params: given ?? {} }), acknowledge };
}

function parseMessage(message: unknown, newId: () => string): CommandParsing {
  if (typeof message !== "object" || message === null || Array.isArray(message)) return parseCommandFrame("null");
  return parseCommandObject({ id: newId(), ...message });
}
