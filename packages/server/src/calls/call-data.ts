import { wireLimits } from "@pbx-x/protocol/runtime";

/** What applications have attached to a call: names with any JSON ([C80]). */
export type CallData = Readonly<Record<string, unknown>>;

export const noCallData: CallData = {};

/** Names of the one are added to the other or take their place; `null` takes one away. */
export function mergeCallData(before: CallData, more: CallData): CallData {
  return Object.fromEntries(Object.entries({ ...before, ...more }).filter(([, value]) => value !== null));
}

/** Bytes as JSON; `wireLimits.maximumCallDataBytes` is the most that a call carries. */
export function isTooMuch(data: CallData): boolean {
  return Buffer.byteLength(JSON.stringify(data)) > wireLimits.maximumCallDataBytes;
}

/** As a field of an event; nothing where nothing is attached. */
export function callDataField({ data }: { readonly data: CallData }): { readonly callData?: CallData } {
  return Object.keys(data).length === 0 ? {} : { callData: data };
}

/** A consultation is merged into a call: what was attached to both, the call that goes on before the other ([C81]). */
export function mergedCallData(survivor: CallData, merged: CallData): CallData {
  const both = { ...merged, ...survivor };
  return isTooMuch(both) ? survivor : both;
}
