import { channel } from "node:diagnostics_channel";

// Steps of an event's way, for measurements from outside. A channel that nobody listens to costs a call of an empty function.

/** An event of the engine arrived: TelephonyEvent. */
export const told = channel("pbx-x:calls:told");
/** What it means for its call is decided: Decision. */
export const decided = channel("pbx-x:calls:decided");
/** Events have their place in the log, and wait for the disk: LoggedEvent[]. */
export const appended = channel("pbx-x:log:appended");
/** Their group goes to the writing thread: LoggedEvent[]. */
export const writing = channel("pbx-x:log:writing");
/** They are on the disk: LoggedEvent[]. */
export const committed = channel("pbx-x:log:committed");
/** They are written to the sockets: LoggedEvent[]. */
export const sent = channel("pbx-x:realtime:sent");
