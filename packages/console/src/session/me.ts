import type { Permission, Role } from "@pbx-x/protocol/runtime";
import { createContext, useContext } from "react";

/** Who is logged in, and what they may. */
export interface Me {
  readonly userId: string;
  readonly displayName: string;
  readonly role: Role;
  readonly permissions: ReadonlySet<Permission>;
  readonly extensionId: string | undefined;
  readonly number: string | undefined;
}

export const MeContext = createContext<Me | undefined>(undefined);

export function useMe(): Me {
  const me = useContext(MeContext);
  if (me === undefined) throw new Error("nobody is logged in here");
  return me;
}

export function useMay(permission: Permission): boolean {
  return useMe().permissions.has(permission);
}
