import type { Actor, Permission } from "@pbx-x/protocol/runtime";
import { restGet } from "./platform/rest.ts";

/** Nobody in particular: may do nothing. */
export const nobody: Actor = { permissions: new Set() };

/** Who the token stands for, so that the client can tell which commands are possible ([W46]). Undefined where nothing answers. */
export async function readActor(fetchIt: typeof fetch, baseUrl: URL, token: string): Promise<Actor | undefined> {
  try {
    const response = await restGet({ fetch: fetchIt, baseUrl, token }, "auth/session");
    const body: unknown = response.ok ? await response.json() : undefined;
    if (typeof body !== "object" || body === null) return undefined;
    const { permissions, extensionId, extensionNumber } = body as Readonly<Record<string, unknown>>;
    return {
      permissions: new Set(Array.isArray(permissions) ? permissions.filter(isPermission) : []),
      ...(typeof extensionId === "string" && { extensionId }),
      ...(typeof extensionNumber === "string" && { extensionNumber }),
    };
  } catch {
    return undefined;
  }
}

/** A newer server may know more of them, and no harm comes of that ([A1]). */
function isPermission(value: unknown): value is Permission {
  return typeof value === "string";
}
