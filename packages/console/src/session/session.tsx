import { connect, type PbxClient } from "@pbx-x/client";
import type { Permission, Role } from "@pbx-x/protocol/runtime";
import { type ReactNode, useDeferredValue, useEffect, useState } from "react";
import { DirectoryProvider } from "../live/directory.tsx";
import { PbxProvider } from "@pbx-x/client/react";
import { followServerClock } from "../live/server-clock.ts";
import { api } from "../rest/api.ts";
import { useApi } from "../rest/use-api.ts";
import { LoadError } from "../ui/page.tsx";
import { accessToken } from "./auth.ts";
import { keepLogin, loginStore, wasLoginEnded } from "./login-store.ts";
import { type Me, MeContext } from "./me.ts";

interface SessionAnswer {
  readonly userId: string;
  readonly role: Role;
  readonly permissions: readonly Permission[];
  readonly extensionId: string | null;
  readonly extensionNumber: string | null;
}

async function readMe(path: string): Promise<Me> {
  const { extensionId, extensionNumber, permissions, userId, role } = await api<SessionAnswer>(path);
  return {
    userId,
    role,
    displayName: loginStore.get()?.displayName ?? "",
    permissions: new Set(permissions),
    extensionId: extensionId ?? undefined,
    number: extensionNumber ?? undefined,
  };
}

/** The connection of one log-in, and who it is for. */
export function Session({ children }: { readonly children: ReactNode }) {
  const client = useClient();
  const { data: me, error, reload } = useApi("/auth/session", readMe);
  // The frame is made in slices, between which the page answers.
  const isReady = useDeferredValue(client !== undefined && me !== undefined);
  // A role may have changed while the connection was away (W14).
  useEffect(() => client?.on("CONNECTED", reload), [client, reload]);
  if (error !== undefined && me === undefined)
    return (
      <main className="p-6">
        <LoadError error={error} onRetry={reload} />
      </main>
    );
  if (!isReady || client === undefined || me === undefined) return null;
  return (
    <PbxProvider client={client}>
      <MeContext value={me}>
        <DirectoryProvider>{children}</DirectoryProvider>
      </MeContext>
    </PbxProvider>
  );
}

function useClient(): PbxClient | undefined {
  const [client, setClient] = useState<PbxClient | undefined>();
  useEffect(() => {
    const made = connect({
      url: location.origin,
      token: ({ reason }) => accessToken(reason),
      channels: ["me"],
    });
    const stopClock = followServerClock(made);
    const stopWatching = made.connection.subscribe(() => {
      const state = made.connection.get();
      if (state.at !== "closed" || state.reason !== "auth") return;
      wasLoginEnded.set(true);
      keepLogin(undefined);
    });
    setClient(made);
    return () => {
      stopClock();
      stopWatching();
      void made.close();
    };
  }, []);
  return client;
}
