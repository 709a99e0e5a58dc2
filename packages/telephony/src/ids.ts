declare const brand: unique symbol;
type Branded<Name extends string> = string & { readonly [brand]: Name };

/** One endpoint's part in a call: one device connection ([C2]). Made by whoever starts the leg. */
export type LegId = Branded<"LegId">;
/** Legs that hear each other. Chosen by the PBX. */
export type BridgeId = Branded<"BridgeId">;
export type PlaybackId = Branded<"PlaybackId">;
export type RecordingId = Branded<"RecordingId">;
/** One device's registration: a contact bound to an extension. Made by the engine, stable over refreshes. */
export type BindingId = Branded<"BindingId">;
export type ExtensionId = Branded<"ExtensionId">;
export type TrunkId = Branded<"TrunkId">;
/** A device's request to transfer, waiting for `acceptTransfer` or `rejectTransfer`. */
export type TransferRequestId = Branded<"TransferRequestId">;

/** Turns checked text into a branded id; the only cast. */
export function brandId<Id extends string>(text: string): Id {
  return text as Id;
}
