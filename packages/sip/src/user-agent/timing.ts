import { channel } from "node:diagnostics_channel";

/** Bytes came from a transport; published before anything is done with them, where somebody listens. */
export const received = channel("pbx-x:sip:received");
/** The same bytes are a message now; the transactions come next. */
export const parsed = channel("pbx-x:sip:parsed");
