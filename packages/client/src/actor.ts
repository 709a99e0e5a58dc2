import { type Actor, type Permission, permissions as allPermissions } from "@pbx-x/protocol/runtime";

/** Nobody in particular: may do nothing. */
export const nobody: Actor = { permissions: new Set() };

/** Who the token stands for, so that the client can tell which commands are possible ([W46]). Undefined where nothing answers. */
export async function readActor(fetchIt: typeof fetch, baseUrl: URL, token: string): Promise<Actor | undefined> {
  try {
    const response = await fetchIt(new URL("api/v1/auth/session", baseUrl), {
      headers: { authorization: `Bearer ${token}` },
      signal: AbortSignal.timeout(10_000),
    });
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

function isPermission(value: unknown): value is Permission {
  return allPermissions.some((permission) => permission === value);
}
