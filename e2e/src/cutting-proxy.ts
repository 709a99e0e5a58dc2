import { once } from "node:events";
import { connect, createServer, type Socket } from "node:net";

export interface CuttingProxy {
  readonly port: number;
  /** Ends every connection at once, as a pulled cable would. */
  cut(): void;
  /** From now on what one side says does not arrive; connections stay. @returns lets it through again, with what waited */
  stall(whose: "client" | "server"): () => void;
  stop(): Promise<void>;
}

/** Stands between a client and the server, and fails on request. */
export async function startCuttingProxy(targetPort: number): Promise<CuttingProxy> {
  const sockets = new Set<Socket>();
  const pairs = new Set<{ readonly near: Socket; readonly far: Socket }>();
  const keep = (socket: Socket): void => {
    sockets.add(socket);
    socket.on("error", () => undefined);
    socket.on("close", () => sockets.delete(socket));
  };
  const server = createServer((near) => {
    const far = connect(targetPort, "127.0.0.1");
    keep(near);
    keep(far);
    near.pipe(far).pipe(near);
    const pair = { near, far };
    pairs.add(pair);
    near.on("close", () => pairs.delete(pair));
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("the proxy has no port");
  const cut = (): void => {
    for (const socket of sockets) socket.resetAndDestroy();
  };
  return {
    port: address.port,
    cut,
    stall: (whose) => {
      const stalled = [...pairs].map(({ near, far }) =>
        whose === "client" ? { from: near, to: far } : { from: far, to: near },
      );
      for (const { from, to } of stalled) from.unpipe(to);
      return () => {
        for (const { from, to } of stalled) from.pipe(to);
      };
    },
    stop: async () => {
      cut();
      server.close();
      await once(server, "close");
    },
  };
}
