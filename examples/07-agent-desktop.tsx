// An agent's day: log in, take what comes, wrap up, take a break.
import type { PbxClient } from "@pbx-x/client";
import {
  PbxProvider,
  useAgents,
  useAllowed,
  useCalls,
  useChannels,
  useCommand,
  useConnection,
  usePending,
} from "@pbx-x/client/react";

export interface AgentProps {
  readonly extensionId: string;
  readonly number: string;
  readonly queueIds: readonly string[];
}

function CallButtons({ callId }: { readonly callId: string }) {
  const allowed = useAllowed(callId);
  const isBusy = usePending(callId).length > 0;
  const hold = useCommand("hold");
  const unhold = useCommand("unhold");
  const hangup = useCommand("hangup");
  const error = hold.error ?? unhold.error ?? hangup.error;
  return (
    <>
      <button type="button" disabled={isBusy || allowed?.hold.ok !== true} onClick={() => void hold.run({ callId })}>
        Hold
      </button>
      <button
        type="button"
        disabled={isBusy || allowed?.unhold.ok !== true}
        onClick={() => void unhold.run({ callId })}
      >
        Back
      </button>
      <button
        type="button"
        disabled={isBusy || allowed?.hangup.ok !== true}
        onClick={() => void hangup.run({ callId })}
      >
        Hang up
      </button>
      {error === undefined ? null : <p role="alert">{error.message}</p>}
    </>
  );
}

function Desktop({ extensionId, number, queueIds }: AgentProps) {
  useChannels(["me", `extension:${number}`]);
  const isLive = useConnection().at === "live";
  const agent = useAgents().find((each) => each.extensionId === extensionId);
  const login = useCommand("agentLogin");
  const logout = useCommand("agentLogout");
  const setStatus = useCommand("agentSetStatus");
  const wrapUp = useCommand("agentSetWrapUp");
  const status = agent?.status ?? "offline";
  const isIn = status !== "offline";
  return (
    <main>
      <h1>{status}</h1>
      <button
        type="button"
        disabled={!isLive || isIn}
        onClick={() => void login.run({ extensionId, queueIds: [...queueIds] })}
      >
        Log in
      </button>
      <button
        type="button"
        disabled={!isLive || status !== "available"}
        onClick={() => void setStatus.run({ extensionId, status: "break", reasonCode: "lunch_break" })}
      >
        Break
      </button>
      <button
        type="button"
        disabled={!isLive || status !== "break"}
        onClick={() => void setStatus.run({ extensionId, status: "available" })}
      >
        Available
      </button>
      <button
        type="button"
        disabled={!isLive || status !== "wrap_up"}
        onClick={() => void wrapUp.run({ extensionId, seconds: 0 })}
      >
        Done
      </button>
      <button type="button" disabled={!isLive || !isIn} onClick={() => void logout.run({ extensionId })}>
        Log out
      </button>
      {useCalls({ number }).map(({ callId, caller, state }) => (
        <article key={callId}>
          <p>
            {caller?.name ?? caller?.number}: {state}
          </p>
          <CallButtons callId={callId} />
        </article>
      ))}
    </main>
  );
}

export function AgentDesktop({ client, ...agent }: AgentProps & { readonly client: PbxClient }) {
  return (
    <PbxProvider client={client}>
      <Desktop {...agent} />
    </PbxProvider>
  );
}
