import { rolePermissions } from "@pbx-x/protocol";
import { describe, expect, it } from "vitest";
import { sharePermissions } from "./share-permissions.ts";

describe("shared permissions", () => {
  it("are those of the role and its grants", () => {
    expect(sharePermissions()("user", ["calls.record"])).toEqual(rolePermissions("user", ["calls.record"]));
  });

  it("are one set for all who may the same, in whatever order it was granted", () => {
    const permissionsOf = sharePermissions();
    const first = permissionsOf("user", ["calls.record", "presence.view"]);
    expect(permissionsOf("user", ["presence.view", "calls.record", "presence.view"])).toBe(first);
  });

  it("are never those of another role, nor of other grants", () => {
    const permissionsOf = sharePermissions();
    const first = permissionsOf("user", []);
    expect(permissionsOf("admin", [])).not.toBe(first);
    expect(permissionsOf("user", ["calls.record"])).not.toBe(first);
  });
});
