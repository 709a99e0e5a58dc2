import { maximumHops } from "../calls/dial-destination.ts";
import { isForwardable } from "../routing/is-forwardable.ts";
import { normaliseNumber, type Route } from "../routing/route-number.ts";
import type { Extension } from "./extension.ts";

/** Changes of an extension's record; undefined takes a value away. */
export type SettingChanges = {
  readonly [K in keyof Omit<Extension, "id" | "number">]?: Extension[K] | undefined;
};

/** Why a setting is not taken; `field` is its name ([R10]). */
export interface SettingFault {
  readonly field: string;
  readonly message: string;
  readonly reason: "malformed" | "own_number" | "no_destination" | "not_reachable" | "loop";
}

export interface ForwardingTables {
  readonly route: (dialled: string) => Route;
}

const kinds = [
  ["forwardUnconditionalEnabled", "forwardUnconditionalDestination"],
  ["forwardOnBusyEnabled", "forwardOnBusyDestination"],
  ["forwardOnNoAnswerEnabled", "forwardOnNoAnswerDestination"],
] as const;

const maximumSeconds = 600;

/** Digits as a phone dials them; a leading plus for E.164. */
const dialable = /^\+?[0-9*#]{1,32}$/;

/** The changes with their destinations written as they are dialled. */
export function normaliseDestinations(changes: SettingChanges): SettingChanges {
  const written = kinds.flatMap(([, field]) => {
    const destination = changes[field];
    return destination === undefined ? [] : [[field, normaliseNumber(destination)] as const];
  });
  return { ...changes, ...Object.fromEntries(written) };
}

/**
 * What stands against changes of forwarding ([E3]): a destination that is no number, the extension itself, that leads
 * nowhere, or whose own unconditional forwarding comes back. Forwarding that is not touched is not looked at.
 */
export function checkForwarding(
  extension: Extension,
  changes: SettingChanges,
  tables: ForwardingTables,
): readonly SettingFault[] {
  const after = { ...extension, ...changes };
  const { forwardOnNoAnswerTimeout: seconds = 1 } = changes;
  const isSane = Number.isInteger(seconds) && seconds >= 1 && seconds <= maximumSeconds;
  const timeout = isSane ? [] : [fault("forwardOnNoAnswerTimeout", "malformed", "has to be 1 to 600 whole seconds")];
  const destinations = kinds.flatMap(([enabledField, field]) => {
    if (!(enabledField in changes) && !(field in changes)) return [];
    const destination = after[field];
    const isEnabled = after[enabledField];
    if (destination === undefined) {
      return isEnabled ? [fault(field, "no_destination", "is needed where the forwarding is on")] : [];
    }
    if (!isEnabled && changes[field] === undefined) return [];
    return faultsOf(extension, field, destination, tables);
  });
  return [...timeout, ...destinations];
}

function faultsOf(
  extension: Extension,
  field: string,
  destination: string,
  tables: ForwardingTables,
): readonly SettingFault[] {
  if (!dialable.test(destination)) return [fault(field, "malformed", "is not a number that can be dialled")];
  const route = tables.route(destination);
  if (route.kind === "extension" && route.extension.id === extension.id) {
    return [fault(field, "own_number", "is the extension itself")];
  }
  if (!isForwardable(route)) return [fault(field, "not_reachable", "leads nowhere that a call can be forwarded to")];
  if (comesBack(extension, destination, tables)) {
    return [fault(field, "loop", "is forwarded itself, and comes back to where the call was")];
  }
  return [];
}

/** Follows what is forwarded always. */
function comesBack(extension: Extension, destination: string, { route }: ForwardingTables): boolean {
  const passed = new Set([extension.id]);
  for (let next: string | undefined = destination; next !== undefined; ) {
    const found = route(next);
    if (found.kind !== "extension") return false;
    const { id, forwardUnconditionalEnabled, forwardUnconditionalDestination } = found.extension;
    if (passed.has(id) || passed.size > maximumHops) return true;
    passed.add(id);
    next = forwardUnconditionalEnabled ? forwardUnconditionalDestination : undefined;
  }
  return false;
}

function fault(field: string, reason: SettingFault["reason"], message: string): SettingFault {
  return { field, reason, message };
}
