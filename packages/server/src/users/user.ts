import type { Permission, Role } from "@pbx-x/protocol";

export interface User {
  readonly id: string;
  readonly email: string;
  readonly displayName: string;
  readonly role: Role;
  readonly isActive: boolean;
  /** Rights beyond the role's. */
  readonly grantedPermissions: readonly Permission[];
}
