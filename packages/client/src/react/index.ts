export { type CommandHook, useAllowed, useCommand, usePending } from "./command-hooks.ts";
export { useActor, useChannels, useChannelStatus, useConnection } from "./connection-hooks.ts";
export { useAnyPbxEvent, useClientEvent, usePbxEvent } from "./event-hooks.ts";
export { PbxProvider, type PbxProviderProps, usePbx } from "./provider.ts";
export {
  useAgent,
  useAgentQueues,
  useAgents,
  useCall,
  useCallIds,
  useCalls,
  useConference,
  useConferences,
  useExtension,
  useExtensionNumbers,
  useExtensions,
  useMailbox,
  useMailboxes,
  useParking,
  useParticipants,
  usePresence,
  useQueue,
  useQueueEntries,
  useQueues,
  useQueueStats,
  useRegistrations,
  useTrunks,
} from "./state-hooks.ts";
export { useEntity, useKeys, useList, useSelector } from "./table-hooks.ts";
