import { z } from "zod";
import { checkPassword, hashPassword } from "../auth/passwords.ts";
import type { Database } from "../storage/open-database.ts";

/** What `*97` may ask for. */
export const mailboxPin = z.string().regex(/^\d{4,10}$/, "expected 4 to 10 digits");

/** PINs of mailboxes, hashed. */
export interface MailboxPins {
  has(boxId: string): Promise<boolean>;
  check(boxId: string, pin: string): Promise<boolean>;
  /** @param pin undefined: none is asked for */
  set(boxId: string, pin: string | undefined): Promise<void>;
}

export function createMailboxPins(db: Database): MailboxPins {
  const hashOf = async (boxId: string): Promise<string | undefined> => {
    const row = await db.selectFrom("voicemail_pins").select("hash").where("box_id", "=", boxId).executeTakeFirst();
    return row?.hash;
  };
  return {
    has: async (boxId) => (await hashOf(boxId)) !== undefined,
    check: async (boxId, pin) => checkPassword(await hashOf(boxId), pin),
    set: async (boxId, pin) => {
      if (pin === undefined) {
        await db.deleteFrom("voicemail_pins").where("box_id", "=", boxId).execute();
        return;
      }
      const hash = await hashPassword(pin);
      await db
        .insertInto("voicemail_pins")
        .values({ box_id: boxId, hash })
        .onConflict((conflict) => conflict.column("box_id").doUpdateSet({ hash }))
        .execute();
    },
  };
}
