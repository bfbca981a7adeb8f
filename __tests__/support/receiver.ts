import type { APIGatewayProxyStructuredResultV2 } from "aws-lambda";
import { type ReceiverHandler, receiver } from "../../functions/receiver/handler.ts";
import { type ReceiverSettings, receiverSettings } from "../../functions/receiver/settings.ts";
import { receiverVariables, signedWebhook } from "./bench-variables.ts";
import { type Cloud, startCloud } from "./fauxqs.ts";
import { forAllTests } from "./hooks.ts";
import { ALL_ATTEMPTS_MILLISECONDS, leisurely } from "./leisurely.ts";
import { type ParameterStore, startParameterStore } from "./parameter-store.ts";

export const secret = "planted-signing-secret-1234567890";
export const apiKey = "planted-api-key-1234567890";
export const integrationId = "0b6a7f34-5c1e-4c56-9b4e-1f1f6f0a0001";

/** Whom a receiver asks. */
type Service = "secrets" | "queue" | "bucket";

/** The receiver with real wires around it. */
export interface ReceiverBench {
  readonly cloud: Cloud;
  readonly parameters: ParameterStore;
  readonly settings: ReceiverSettings;
  /**
   * A receiver as a new execution environment has it: no cached secret, clients of its own.
   *
   * @param bounded whom it gives up as soon as the deployed one does; the others may be as late as a busy machine
   */
  start(
    settings?: Partial<ReceiverSettings>,
    endpoints?: Readonly<Partial<Record<Service, string>>>,
    bounded?: readonly Service[],
  ): ReceiverHandler;
  stop(): Promise<void>;
}

/** One for the tests of a file, or of a `describe`; what it has stored is gone after each test. */
export function receiverBench(): ReceiverBench {
  const bench = forAllTests(startReceiverBench);
  afterEach(() => bench.cloud.reset());
  return bench;
}

export async function startReceiverBench(): Promise<ReceiverBench> {
  const cloud = await startCloud();
  const parameters = await startParameterStore({
    "/webhook": JSON.stringify({ current: secret }),
    "/open-messaging": JSON.stringify({ current: secret }),
    "/data-action": JSON.stringify({ current: apiKey }),
  });
  const sources = [
    signedWebhook("/webhook"),
    {
      source: "open-messaging",
      retrySpanSeconds: 120,
      authentication: {
        [integrationId]: { kind: "signature", encoding: "base64", secretParameter: "/open-messaging" },
      },
    },
    {
      source: "data-action",
      authentication: { "": { kind: "shared-secret", secretParameter: "/data-action" } },
    },
  ];
  const settings = receiverSettings(receiverVariables(cloud, sources));
  return {
    cloud,
    parameters,
    settings,
    start(changes = {}, endpoints = {}, bounded = []) {
      const at = (service: Service, endpoint: string) => ({
        endpoint: endpoints[service] ?? endpoint,
        ...(bounded.includes(service) ? {} : leisurely),
      });
      const limit = (service: Service) =>
        bounded.includes(service) ? {} : { [service]: ALL_ATTEMPTS_MILLISECONDS };
      return receiver(
        { ...settings, ...changes },
        {
          secrets: at("secrets", parameters.endpoint),
          queue: at("queue", cloud.endpoint),
          bucket: at("bucket", cloud.endpoint),
        },
        { ...limit("secrets"), ...limit("queue"), ...limit("bucket") },
      );
    },
    async stop() {
      await parameters.stop();
      await cloud.stop();
    },
  };
}

/** An answer's status and its body's text. */
export function statusAndBody(
  result: APIGatewayProxyStructuredResultV2,
): [number | undefined, string | undefined] {
  return [result.statusCode, result.body];
}
