import type { IncomingMessage } from "node:http";

/**
 * The address of who asks ([R3]): of the connection, or what a proxy on this machine says of it (`X-Forwarded-For`).
 * Empty where the connection is gone already.
 */
export function clientAddress({ socket, headers }: Pick<IncomingMessage, "socket" | "headers">): string {
  const { remoteAddress = "" } = socket;
  if (!isThisMachine(remoteAddress)) return remoteAddress;
  const told = [headers["x-forwarded-for"] ?? []].flat().flatMap((line) => line.split(","));
  // Each proxy adds at the end; what comes before the first stranger is only said by that one.
  return told.map((one) => one.trim()).findLast((one) => one !== "" && !isThisMachine(one)) ?? remoteAddress;
}

/** Whether an address is one of this machine itself. */
export function isThisMachine(address = ""): boolean {
  return address === "::1" || address.replace(/^::ffff:/, "").startsWith("127.");
}
