import { createServer } from "node:http";
import type { AddressInfo } from "node:net";

export interface ParameterStore {
  readonly endpoint: string;
  /** Values by name; change them as a person would in the console. */
  readonly values: Map<string, string>;
  /** How often parameters were read. */
  reads(): number;
  /** While true, every read is answered with a 500. */
  down: boolean;
  /** So many reads are throttled from now on. */
  throttle: number;
  /** While true, no read is answered at all. */
  hang: boolean;
  stop(): Promise<void>;
}

/** A real HTTP server that answers SSM's GetParameter. */
export async function startParameterStore(values: Record<string, string> = {}): Promise<ParameterStore> {
  let reads = 0;
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on("data", (chunk: Buffer) => chunks.push(chunk));
    request.on("end", () => {
      reads++;
      const { Name: name, WithDecryption: decrypted } = JSON.parse(Buffer.concat(chunks).toString());
      const value = store.values.get(name);
      const answer = (status: number, body: object) =>
        response
          .writeHead(status, { "content-type": "application/x-amz-json-1.1" })
          .end(JSON.stringify(body));
      if (store.hang) return;
      if (store.throttle-- > 0) answer(400, { __type: "ThrottlingException", message: "Rate exceeded" });
      else if (store.down) answer(500, { __type: "InternalServerError", message: "down" });
      else if (value === undefined) answer(400, { __type: "ParameterNotFound", message: name });
      else
        answer(200, {
          Parameter: { Name: name, Type: "SecureString", Value: decrypted ? value : "encrypted" },
        });
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const store: ParameterStore = {
    endpoint: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    values: new Map(Object.entries(values)),
    reads: () => reads,
    throttle: 0,
    down: false,
    hang: false,
    async stop() {
      server.closeAllConnections();
      await new Promise<void>((resolve) => server.close(() => resolve()));
    },
  };
  return store;
}
