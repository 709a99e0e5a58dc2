import { createContext, createElement, type ReactElement, type ReactNode, useContext } from "react";
import type { PbxClient } from "../client.ts";

const context = createContext<PbxClient | undefined>(undefined);

export interface PbxProviderProps {
  /** Made outside of components; whoever made it closes it, the provider never does ([M7]). */
  readonly client: PbxClient;
  readonly children?: ReactNode;
}

/** Gives a client to the hooks below. */
export function PbxProvider({ client, children }: PbxProviderProps): ReactElement {
  return createElement(context.Provider, { value: client }, children);
}

/** The client of the nearest provider. Throws where there is none. */
export function usePbx(): PbxClient {
  const client = useContext(context);
  if (client === undefined) throw new Error("Hooks of @pbx-x/client/react need a <PbxProvider client={…}> above.");
  return client;
}
