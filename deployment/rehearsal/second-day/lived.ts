import type { EnvironmentInput } from "../../../infra/settings.ts";

/** What the environment is called. */
export const LIVED = "lived";

/** A key of the team's, and the one after it. The emulator knows of neither, and does not ask. */
export const keys = {
  first: "arn:aws:kms:eu-west-1:123456789012:key/11111111-aaaa-4aaa-8aaa-111111111111",
  second: "arn:aws:kms:eu-west-1:123456789012:key/22222222-bbbb-4bbb-8bbb-222222222222",
} as const;

/** An environment as it may stand for years: protected, with three ways in, and credentials for its destination. */
export const lived: EnvironmentInput = {
  region: "eu-west-1",
  runtime: "nodejs22.x", // all that AWS provider 5.100 knows
  backend: { kind: "s3", bucket: "state", key: "lived.tfstate", region: "eu-west-1" },
  sources: {
    webhook: { authentication: { kind: "signature" } },
    "open-messaging": { integrations: { main: { kind: "signature" }, second: { kind: "signature" } } },
    "data-action": { authentication: { kind: "shared-secret" } },
  },
  destination: {
    kind: "http",
    url: "https://destination.example.com/events",
    credentials: { kind: "bearer" },
  },
  queue: { visibilityTimeoutSeconds: 300 },
  alarms: { notify: ["on.call@example.com"] },
};
