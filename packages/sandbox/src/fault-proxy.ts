import { once } from "node:events";
import { connect, createServer, type Socket } from "node:net";

/** What can be done to the network between applications and the sandbox. */
export const networkFaults = ["cut", "silence", "refuse", "heal"] as const;
export type NetworkFault = (typeof networkFaults)[number];

export interface FaultProxy {
  readonly port: number;
  /** `cut`: all connections end; `silence`: nothing comes through; `refuse`: none opens; `heal`: all is well. */
  pull(fault: NetworkFault): void;
  stop(): Promise<void>;
}

/** Stands in front of the server and fails on request. */
export async function startFaultProxy(
  targetPort: number,
  { host, port }: { host: string; port: number },
): Promise<FaultProxy> {
  const sockets = new Set<Socket>();
  let state: Exclude<NetworkFault, "cut"> = "heal";
  const keep = (socket: Socket): void => {
    sockets.add(socket);
    socket.on("error", () => undefined);
    socket.on("close", () => sockets.delete(socket));
  };
  const cut = (): void => {
    for (const socket of sockets) socket.resetAndDestroy();
  };
  const server = createServer((near) => {
    keep(near);
    if (state === "refuse") {
      near.destroy();
      return;
    }
    const far = connect(targetPort, "127.0.0.1");
    keep(far);
    const pass = (from: Socket, to: Socket): void => {
      from.on("data", (data) => {
        if (state !== "silence") to.write(data);
      });
      from.on("close", () => to.destroy());
    };
    pass(near, far);
    pass(far, near);
  });
  server.listen(port, host);
  await once(server, "listening");
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("the sandbox has no port");
  return {
    port: address.port,
    pull: (fault) => {
      if (fault === "cut") cut();
      else state = fault;
      if (fault === "refuse") cut();
    },
    stop: async () => {
      cut();
      server.close();
      await once(server, "close");
    },
  };
}
