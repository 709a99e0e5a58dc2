import { createSocket } from "node:dgram";
import { lookup } from "node:dns";
import { isIP, isIPv6 } from "node:net";
import { isStunBindingRequest, stunBindingAnswer } from "../stun/stun.ts";
import { plainAddress, type Transport, type TransportEvents } from "./transport.ts";

export interface UdpOptions {
  readonly host: string;
  /** 0 for any. */
  readonly port: number;
  /** Kernel buffer in bytes, against bursts; default 4 MiB (the kernel may give less). */
  readonly receiveBuffer?: number;
}

/** SIP over UDP (RFC 3261 §18); answers STUN binding requests and swallows keep-alives on the same port. */
export function openUdp(
  { host, port, receiveBuffer = 4 << 20 }: UdpOptions,
  events: TransportEvents,
): Promise<Transport> {
  const socket = createSocket({
    type: isIPv6(host) ? "udp6" : "udp4",
    // An address needs no looking up, and so leaves in the same turn.
    lookup: (to, options, done) => (isIP(to) === 0 ? lookup(to, options, done) : done(null, to, isIP(to))),
  });
  return new Promise((resolve, reject) => {
    socket.once("error", reject);
    socket.bind(port, host, () => {
      socket.off("error", reject);
      // A later error is that of one datagram (ICMP unreachable); the transactions' timers deal with it.
      socket.on("error", () => undefined);
      trySetBuffer(() => socket.setRecvBufferSize(receiveBuffer));
      trySetBuffer(() => socket.setSendBufferSize(receiveBuffer));
      socket.on("message", (bytes, source) => {
        const remote = { transport: "udp", address: plainAddress(source.address), port: source.port } as const;
        // Nothing can be sent to port 0: such a source is forged.
        if (source.port === 0) return;
        const first = bytes[0];
        if (first === undefined || first === 0 || first === 13 || first === 10) {
          if (bytes.length <= 4) return;
          if (isStunBindingRequest(bytes)) {
            const answer = stunBindingAnswer(bytes, remote);
            if (answer !== undefined) socket.send(answer, source.port, source.address);
            return;
          }
        }
        events.onMessage(bytes, remote);
      });
      const bound = socket.address();
      let isClosed = false;
      resolve({
        name: "udp",
        isReliable: false,
        host: bound.address,
        port: bound.port,
        send: (bytes, remote, onError) => {
          if (isClosed) return onError(new Error("the transport is closed"));
          if (remote.port === 0) return onError(new Error("nothing can be sent to port 0"));
          socket.send(bytes, remote.port, remote.address, (error) => {
            if (error !== null) onError(error);
          });
        },
        closeFlow: () => undefined,
        close: () =>
          new Promise((done) => {
            if (isClosed) return done();
            isClosed = true;
            socket.close(done);
          }),
      });
    });
  });
}

function trySetBuffer(set: () => void): void {
  try {
    set();
  } catch {
    // The system's limit stands; it is a matter of bursts only.
  }
}
