import type { Binding } from "@pbx-x/telephony";
import type { Registration } from "../extensions/extension-answer.ts";

/** A registered device as REST shows it ([R7]). */
export function showRegistration(binding: Binding): Registration {
  const { bindingId, contactUri, userAgent, ipAddress, port, transport, expiresAtMs, allowsRemoteTalk } = binding;
  return {
    bindingId,
    contactUri,
    userAgent,
    ipAddress,
    port,
    transport,
    expiresAt: new Date(expiresAtMs).toISOString(),
    canAnswerRemotely: allowsRemoteTalk,
  };
}
