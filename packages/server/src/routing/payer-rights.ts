import type { UserStore } from "../users/user-store.ts";
import type { PayerRights } from "./outside-calls.ts";

/** Roles and permissions of all users in memory, so that the guard need not wait; kept in step with the store ([G10]). */
export async function createPayerRights(
  users: Pick<UserStore, "all" | "onChanged">,
): Promise<(userId: string) => PayerRights | undefined> {
  const rights = new Map<string, PayerRights>();
  users.onChanged(({ userId, user }) => {
    if (user?.isActive === true) rights.set(userId, user);
    else rights.delete(userId);
  });
  for (const user of await users.all()) if (user.isActive) rights.set(user.id, user);
  return (userId) => rights.get(userId);
}
