import type { ExtensionDirectory } from "../extensions/extension.ts";
import type { NewId } from "../ids.ts";
import { queueDefaults } from "./queue.ts";
import type { QueueBook } from "./queue-book.ts";

/** The queues of the demo world, with Anna and Lisa as members of both ([R12]). */
export async function seedQueues(parts: {
  readonly queues: Pick<QueueBook, "create">;
  readonly extensions: Pick<ExtensionDirectory, "byNumber">;
  readonly newId: NewId;
}): Promise<void> {
  const members = ["200", "201"].flatMap((number) => {
    const extensionId = parts.extensions.byNumber(number)?.id;
    return extensionId === undefined ? [] : [{ extensionId, penalty: 0, skills: {} }];
  });
  for (const [name, extensionNumber] of [
    ["Support", "300"],
    ["Sales", "310"],
  ] as const) {
    await parts.queues.create({ ...queueDefaults, id: parts.newId(), name, extensionNumber, members });
  }
}
