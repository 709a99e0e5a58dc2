// Asks a colleague first, then passes the customer on, or takes the customer back.
import { isPbxError, type PbxClient } from "@pbx-x/client";

export type Transfer = "passed on" | "taken back" | "the colleague cannot be reached" | "the customer hung up";

/** @param wantsIt called when the colleague has answered: whether to pass the customer on */
export async function transferAfterAsking(
  { call, state, waitFor }: Pick<PbxClient, "call" | "state"> & { readonly waitFor: PbxClient["waitFor"] },
  callId: string,
  colleague: string,
  wantsIt: () => Promise<boolean>,
): Promise<Transfer> {
  try {
    // Puts the customer on hold and calls the colleague; visible() waits until the model shows it.
    const { callId: consultCallId } = await call.consult({ callId, to: colleague }).visible();
    try {
      if (state.call(consultCallId)?.state !== "answered") {
        await waitFor("CALL_ANSWERED", ({ data }) => data.callId === consultCallId, { timeoutMs: 20_000 });
      }
    } catch {
      await call.cancelTransfer({ callId, consultCallId });
      return "the colleague cannot be reached";
    }
    if (await wantsIt()) {
      await call.transferAttended({ callId, consultCallId }).visible();
      return "passed on";
    }
    await call.cancelTransfer({ callId, consultCallId }).visible();
    return "taken back";
  } catch (error) {
    if (isPbxError(error, "CALL_NOT_FOUND")) return "the customer hung up";
    if (isPbxError(error, "NUMBER_NOT_REACHABLE")) return "the colleague cannot be reached";
    throw error;
  }
}
