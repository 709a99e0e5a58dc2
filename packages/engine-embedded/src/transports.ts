import { type Endpoint, openStream, openUdp, openWebSocket, type Transport } from "@pbx-x/sip";
import type { EngineAddresses } from "@pbx-x/telephony";
import type { EmbeddedEngineOptions } from "./options.ts";

/**
 * Opens every transport that is configured, and answers their ports. Rejects with the system's error (`EADDRINUSE` …);
 * those opened before stay with the endpoint, which closes them.
 */
export async function openTransports(
  { host, udpPort, tcpPort, tlsPort, wsPort, wssPort, tls, trunks }: EmbeddedEngineOptions,
  endpoint: Endpoint,
): Promise<Omit<EngineAddresses, "host">> {
  const { events } = endpoint;
  const trust = trunks?.trustedCaPem === undefined ? {} : { trustedCaPem: trunks.trustedCaPem };
  const open = async (opening: Promise<Transport>): Promise<number> => {
    const transport = await opening;
    endpoint.add(transport);
    return transport.port;
  };
  return {
    udp: await open(openUdp({ host, port: udpPort }, events)),
    tcp: await open(openStream({ host, port: tcpPort }, events)),
    ...(tls !== undefined && { tls: await open(openStream({ host, port: tlsPort, tls, ...trust }, events)) }),
    ...(wsPort !== undefined && { ws: await open(openWebSocket({ host, port: wsPort }, events)) }),
    ...(wssPort !== undefined &&
      tls !== undefined && { wss: await open(openWebSocket({ host, port: wssPort, tls }, events)) }),
  };
}
