import type { ExtensionDirectory } from "../extensions/extension.ts";
import type { NewId } from "../ids.ts";
import type { ConferenceBook } from "./conference-book.ts";
import { defaultRoom } from "./conference-room.ts";

export interface ConferenceSeed {
  readonly rooms: ConferenceBook;
  readonly extensions: Pick<ExtensionDirectory, "byNumber">;
  readonly newId: NewId;
}

/** The conference of the demo world ([R12]); its supervisor moderates. */
export async function seedConferences({ rooms, extensions, newId }: ConferenceSeed): Promise<void> {
  const moderator = extensions.byNumber("100")?.userId;
  await rooms.create({
    ...defaultRoom,
    id: newId(),
    number: "400",
    name: "Team Meeting",
    moderatorUserIds: moderator === undefined ? [] : [moderator],
  });
}
