import type { Permission } from "@pbx-x/protocol";
import type { Selectable } from "kysely";
import type { Database } from "../storage/open-database.ts";
import type { DatabaseTables } from "../storage/tables.ts";
import type { User } from "./user.ts";

export interface UserStore {
  find(userId: string): Promise<User | undefined>;
  /** By e-mail, in any case; with the password's hash. */
  findLogin(email: string): Promise<{ readonly user: User; readonly passwordHash: string } | undefined>;
  all(): Promise<readonly User[]>;
  insert(user: User, passwordHash: string): Promise<void>;
  /** Writes the whole record; the password only where a new hash is given. */
  update(user: User, passwordHash?: string): Promise<void>;
  remove(userId: string): Promise<void>;
  passwordHashOf(userId: string): Promise<string | undefined>;
  /** After a change is stored; `user` undefined means removed. */
  onChanged(listener: (change: { readonly userId: string; readonly user?: User }) => void): () => void;
}

export function createUserStore(db: Database, now: () => number): UserStore {
  const listeners = new Set<(change: { readonly userId: string; readonly user?: User }) => void>();
  const tell = (userId: string, user?: User): void => {
    for (const listener of listeners) listener({ userId, ...(user && { user }) });
  };
  return {
    onChanged: (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    find: async (userId) => {
      const row = await db.selectFrom("users").selectAll().where("id", "=", userId).executeTakeFirst();
      return row && fromRow(row);
    },
    findLogin: async (email) => {
      const row = await db.selectFrom("users").selectAll().where("email", "=", email.toLowerCase()).executeTakeFirst();
      return row && { user: fromRow(row), passwordHash: row.password_hash };
    },
    all: async () => (await db.selectFrom("users").selectAll().orderBy("email").execute()).map(fromRow),
    insert: async (user, passwordHash) => {
      await db
        .insertInto("users")
        .values({
          id: user.id,
          email: user.email.toLowerCase(),
          display_name: user.displayName,
          role: user.role,
          password_hash: passwordHash,
          is_active: user.isActive ? 1 : 0,
          granted_json: JSON.stringify(user.grantedPermissions),
          created_at: now(),
          updated_at: now(),
        })
        .execute();
      tell(user.id, user);
    },
    update: async (user, passwordHash) => {
      await db
        .updateTable("users")
        .set({
          email: user.email.toLowerCase(),
          display_name: user.displayName,
          role: user.role,
          is_active: user.isActive ? 1 : 0,
          granted_json: JSON.stringify(user.grantedPermissions),
          updated_at: now(),
          ...(passwordHash !== undefined && { password_hash: passwordHash }),
        })
        .where("id", "=", user.id)
        .execute();
      tell(user.id, user);
    },
    remove: async (userId) => {
      await db.deleteFrom("users").where("id", "=", userId).execute();
      tell(userId);
    },
    passwordHashOf: async (userId) => {
      const row = await db.selectFrom("users").select("password_hash").where("id", "=", userId).executeTakeFirst();
      return row?.password_hash;
    },
  };
}

function fromRow(row: Selectable<DatabaseTables["users"]>): User {
  return {
    id: row.id,
    email: row.email,
    displayName: row.display_name,
    role: row.role,
    isActive: row.is_active === 1,
    // Written by `insert` above.
    grantedPermissions: JSON.parse(row.granted_json) as Permission[],
  };
}
