import type { EnvironmentInput } from "./settings.ts";

/**
 * THE file a team edits: one stack for each environment, only what differs from the defaults. Every field,
 * with its meaning, unit, default and limit: contract/settings/. `npm run synth` says what is wrong.
 */
export const environments = {
  dev: {
    region: "eu-west-1",
    disposable: true,
    backend: { kind: "local", path: "terraform.dev.tfstate" },
    logRetentionDays: 7,
    sources: { webhook: { authentication: { kind: "signature" } } },
    destination: { kind: "http", url: "https://crm.dev.example.com/genesys-events", timeoutSeconds: 5 },
    // Short pauses: a newcomer sees an event being retried and dead-lettered within seconds.
    backOff: { baseSeconds: 1, factor: 2, capSeconds: 8 },
    processor: { timeoutSeconds: 15 },
    queue: { visibilityTimeoutSeconds: 90 },
    breaker: { probeBaseSeconds: 10, probeCapSeconds: 60, settleSeconds: 30 },
  },

  staging: {
    region: "eu-west-1",
    backend: {
      kind: "s3",
      bucket: "example-terraform-state",
      key: "genesys-events/staging.tfstate",
      region: "eu-west-1",
    },
    sources: { webhook: { authentication: { kind: "signature" } } },
    destination: {
      kind: "http",
      url: "https://crm.staging.example.com/genesys-events",
      credentials: { kind: "bearer" },
    },
    alarms: { notify: ["integration-team@example.com"] },
  },

  production: {
    region: "eu-west-1",
    backend: {
      kind: "s3",
      bucket: "example-terraform-state",
      key: "genesys-events/production.tfstate",
      region: "eu-west-1",
    },
    logRetentionDays: 90,
    sources: { webhook: { authentication: { kind: "signature" } } },
    destination: {
      kind: "http",
      url: "https://crm.example.com/genesys-events",
      credentials: { kind: "bearer" },
    },
    processor: { maximumConcurrency: 50 },
    alarms: { notify: ["on-call@example.com"] },
  },
} satisfies Record<string, EnvironmentInput>;
