import type { Actor, Permission } from "@pbx-x/protocol/runtime";
import type { RestGet } from "./platform/rest.ts";

/** Nobody in particular: may do nothing. */
export const nobody: Actor = { permissions: new Set() };

/** Who the token stands for, so that the client can tell which commands are possible ([W46]). Undefined where nothing answers. */
export async function readActor(get: RestGet): Promise<Actor | undefined> {
  try {
    const response = await get("auth/session");
    if (!response.ok) return undefined;
    // What the server's own schemas made ([A1]).
    const { permissions, extensionId, extensionNumber } = (await response.json()) as SessionBody;
    return {
      permissions: new Set(permissions),
      ...(extensionId && { extensionId }),
      ...(extensionNumber && { extensionNumber }),
    };
  } catch {
    return undefined;
  }
}

interface SessionBody {
  /** A newer server may know more of them, and no harm comes of that. */
  readonly permissions?: readonly Permission[];
  readonly extensionId?: string | null;
  readonly extensionNumber?: string | null;
}
