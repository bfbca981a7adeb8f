import { randomUUID } from "node:crypto";
import type { AddressInfo } from "node:net";
import fastify, { type FastifyInstance } from "fastify";
import { ApiError, giveCorrelationId, notFound, refuse } from "./answers.ts";
import {
  type Delivery,
  type DeliveryReport,
  type DeliverySchedule,
  deliver,
  OPEN_MESSAGING_SCHEDULE,
  type Wait,
} from "./delivery.ts";
import { Faults } from "./faults.ts";
import { Integrations } from "./integrations.ts";
import { OAuth, type OAuthClient } from "./oauth.ts";
import { OpenMessaging } from "./open-messaging.ts";
import { Triggers } from "./triggers.ts";
import { Webhooks } from "./webhooks.ts";

export interface StandInOptions {
  /** Client ids and their secrets. */
  readonly clients?: Readonly<Record<string, OAuthClient>>;
  /** @default 86_400, the platform's default */
  readonly tokenLifetimeSeconds?: number;
  /** By token. @default 300 */
  readonly requestsPerMinute?: number;
  /** What all pauses of the delivery schedules are multiplied by. @default 1 */
  readonly timeFactor?: number;
  /** The same for their timeouts. @default timeFactor */
  readonly timeoutFactor?: number;
  /** What lets a pause pass, already multiplied. @default the clock */
  readonly wait?: Wait;
  readonly tls?: { readonly key: string; readonly cert: string };
}

interface SeenRequest {
  readonly method: string;
  readonly url: string;
  readonly authorization: string;
}

/** A client of the organisation that every test may use. */
export const CLIENT = { id: "5d1f6a0e-client", secret: "planted-client-secret-Zk8" } as const;

/**
 * Genesys Cloud as far as this project talks to it: OAuth, webhooks by the tutorial, Open Messaging,
 * EventBridge integrations and triggers; and it delivers what is registered there, signed, with Genesys'
 * own retries.
 */
export class GenesysStandIn {
  readonly organization = { id: randomUUID(), name: "Example Contact Centre" };
  readonly faults = new Faults();
  readonly oauth: OAuth;
  readonly webhooks = new Webhooks(() => this.uniqueNames);
  readonly openMessaging = new OpenMessaging(
    () => this.uniqueNames,
    () => this.#now(),
  );
  readonly integrations = new Integrations(() => this.uniqueNames);
  readonly triggers = new Triggers(() => this.uniqueNames);
  /** Everything that was asked, in order. */
  readonly requests: SeenRequest[] = [];
  /** Whether a name that is taken is a 409. */
  uniqueNames = false;
  /** Milliseconds that the stand-in's clock is ahead of the machine's. */
  ahead = 0;
  readonly #listeners = new Set<(request: string) => void>();
  readonly #server: FastifyInstance;
  readonly #end = new AbortController();
  readonly #timeFactor: number;
  readonly #timeoutFactor: number;
  readonly #wait: Wait | undefined;

  private constructor(options: StandInOptions) {
    this.oauth = new OAuth(
      {
        tokenLifetimeSeconds: options.tokenLifetimeSeconds ?? 86_400,
        requestsPerMinute: options.requestsPerMinute ?? 300,
      },
      () => this.#now(),
    );
    const clients = options.clients ?? { [CLIENT.id]: { name: "genesys-dlq", secret: CLIENT.secret } };
    for (const [id, client] of Object.entries(clients)) this.oauth.clients.set(id, { ...client });
    this.#timeFactor = options.timeFactor ?? 1;
    this.#wait = options.wait;
    this.#timeoutFactor = options.timeoutFactor ?? this.#timeFactor;
    const server = { forceCloseConnections: true, keepAliveTimeout: 60_000 };
    this.#server = options.tls
      ? (fastify({ ...server, https: options.tls }) as unknown as FastifyInstance)
      : fastify(server);
  }

  static async start(options: StandInOptions = {}): Promise<GenesysStandIn> {
    const standIn = new GenesysStandIn(options);
    standIn.#install();
    await standIn.#server.listen({ host: "127.0.0.1", port: 0 });
    return standIn;
  }

  get url(): string {
    const { port } = this.#server.server.address() as AddressInfo;
    return `${"getTicketKeys" in this.#server.server ? "https" : "http"}://127.0.0.1:${port}`;
  }

  /**
   * Sends the bytes to where an Open Messaging integration points, as Genesys does for each outbound message.
   *
   * @param copies how often: duplicates happen
   */
  async deliver(integrationId: string, body: Buffer, copies = 1): Promise<DeliveryReport[]> {
    const integration = this.openMessaging.kept.get(integrationId);
    const delivery = {
      url: integration.outboundNotificationWebhookUrl,
      secret: integration.outboundNotificationWebhookSignatureSecretToken,
      headers: integration.webhookHeaders ?? {},
      body,
    };
    return Promise.all(Array.from({ length: copies }, () => this.#post(delivery, OPEN_MESSAGING_SCHEDULE)));
  }

  /** The same for a webhook of the tutorial's, with the retries, pause and timeout that it was created with. */
  async deliverWebhook(webhookId: string, event: Readonly<Record<string, unknown>>): Promise<DeliveryReport> {
    const { id, name, endpointUrl, secret, retryCount, retryInterval, timeout } =
      this.webhooks.kept.get(webhookId);
    const body = Buffer.from(JSON.stringify({ webhookId: id, webhookName: name, ...event }));
    const schedule = { timeout: timeout * 1_000, retries: retryCount, pause: retryInterval * 1_000 };
    return this.#post({ url: endpointUrl, secret, body }, schedule);
  }

  /** Resolves with the next request whose `METHOD /path?query` matches. */
  requested(pattern: RegExp): Promise<void> {
    return new Promise((resolve) => {
      const listener = (request: string) => {
        if (!pattern.test(request)) return;
        this.#listeners.delete(listener);
        resolve();
      };
      this.#listeners.add(listener);
    });
  }

  /** Forgets everything but its clients' ids and secrets. */
  reset(): void {
    for (const { kept } of [this.webhooks, this.openMessaging, this.integrations, this.triggers]) {
      kept.all.length = 0;
    }
    this.faults.clear();
    this.requests.length = 0;
    this.webhooks.exist = true;
    this.openMessaging.showsSecret = false;
    this.uniqueNames = false;
    this.ahead = 0;
    for (const client of this.oauth.clients.values()) delete client.permissions;
  }

  async stop(): Promise<void> {
    this.#end.abort();
    this.#server.server.closeAllConnections();
    await this.#server.close();
  }

  #install(): void {
    const server = this.#server;
    server.addHook("onRequest", async ({ method, url, headers }, reply) => {
      this.requests.push({ method, url, authorization: headers.authorization ?? "" });
      for (const listener of [...this.#listeners]) listener(`${method} ${url}`);
      giveCorrelationId(reply);
    });
    this.faults.install(server);
    server.setErrorHandler((error, _request, reply) => {
      if (error instanceof ApiError) return refuse(reply, error);
      const { statusCode = 500, message } = error as { statusCode?: number; message: string };
      return refuse(reply, new ApiError(statusCode, "bad.request", message));
    });
    server.setNotFoundHandler((_request, reply) => refuse(reply, notFound()));
    this.oauth.install(server);
    server.get("/api/v2/organizations/me", (request) => {
      this.oauth.admit(request);
      return { ...this.organization, thirdPartyOrgName: "example", state: "active" };
    });
    server.get("/api/v2/tokens/me", (request) => {
      const { id, name } = this.oauth.admit(request);
      const { organization } = this;
      return { organization, homeOrganization: organization, authorizedScope: [], OAuthClient: { id, name } };
    });
    server.get("/api/v2/authorization/subjects/me", (request) => {
      const { id } = this.oauth.admit(request);
      const roles = ["Master Admin", "employee"].map((name) => ({ subjectId: id, role: { id: name, name } }));
      return { id, grants: roles };
    });
    this.webhooks.install(server, this.oauth);
    this.openMessaging.install(server, this.oauth);
    this.integrations.install(server, this.oauth);
    this.triggers.install(server, this.oauth);
  }

  #now(): number {
    return Date.now() + this.ahead;
  }

  #post(delivery: Delivery, { timeout, retries, pause }: DeliverySchedule): Promise<DeliveryReport> {
    const scaled = { timeout: timeout * this.#timeoutFactor, retries, pause: pause * this.#timeFactor };
    return deliver(delivery, scaled, this.#end.signal, this.#wait);
  }
}
