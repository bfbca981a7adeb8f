import { type AddressInfo, createServer, type Socket } from "node:net";

export interface BlackHole {
  readonly endpoint: string;
  /** How many connections it has swallowed. */
  connections(): number;
  /** Resolves with the first of them. */
  readonly connected: Promise<void>;
  stop(): Promise<void>;
}

/** A server that accepts every connection, reads what comes, and never answers. */
export async function startBlackHole(): Promise<BlackHole> {
  const sockets = new Set<Socket>();
  let connections = 0;
  let tell = () => {};
  const connected = new Promise<void>((resolve) => {
    tell = resolve;
  });
  const server = createServer((socket) => {
    connections++;
    tell();
    sockets.add(socket);
    socket.on("error", () => {}).on("close", () => sockets.delete(socket));
    socket.resume();
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    endpoint: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    connections: () => connections,
    connected,
    async stop() {
      for (const socket of sockets) socket.destroy();
      await new Promise<void>((resolve) => server.close(() => resolve()));
    },
  };
}
