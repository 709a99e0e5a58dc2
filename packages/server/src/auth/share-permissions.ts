import { type Permission, type Role, rolePermissions } from "@pbx-x/protocol";

/** Sets remembered; there are as many as roles and grants are combined. */
const maxKnown = 1000;

/** One set for all who may the same: each connection keeps its own for as long as it lasts, and the sets are large. */
export function sharePermissions(): (role: Role, granted: readonly Permission[]) => ReadonlySet<Permission> {
  const known = new Map<string, ReadonlySet<Permission>>();
  return (role, granted) => {
    const key = [role, ...new Set(granted)].toSorted().join(" ");
    const found = known.get(key);
    if (found !== undefined) return found;
    const made = rolePermissions(role, granted);
    if (known.size >= maxKnown) known.clear();
    known.set(key, made);
    return made;
  };
}
