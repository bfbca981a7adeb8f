import type { EnvironmentInput } from "../../infra/settings.ts";

/**
 * An environment with everything switched on, and guarded as much as it can be: what `--guarded` rehearses in
 * place of the team's own `environments.ts`. No such account, key, certificate or organisation exists.
 */
export const environments = {
  guarded: {
    region: "eu-west-1",
    backend: { kind: "s3", bucket: "state", key: "key", region: "eu-west-1" },
    sources: {
      webhook: {
        authentication: { kind: "signature" },
        dedupePath: "detail.id",
        throttling: { ratePerSecond: 500, burst: 900 },
      },
      "open-messaging": {
        integrations: {
          "6f0c2a1e-1111-4222-8333-444455556666": { kind: "signature" },
          "second.one": { kind: "signature", encoding: "hex" },
          open: { kind: "none" },
        },
        throttling: { ratePerSecond: 500, burst: 900 },
      },
      "data-action": {
        authentication: { kind: "shared-secret" },
        throttling: { ratePerSecond: 50, burst: 90 },
      },
      eventbridge: {
        partnerEventSource: "aws.partner/genesys.com/cloud/2e4f-11/events",
        detailTypes: ["v2.detail.events.conversation.*", "v2.detail.events.user.{id}.status"],
      },
    },
    destination: {
      kind: "http",
      url: "https://destination.example.com/events",
      credentials: { kind: "api-key" },
      signing: { kind: "standard-webhooks" },
    },
    onOversize: { kind: "drop-fields", paths: ["transcripts"] },
    alarms: { notify: ["on.call@example.com"] },
    domain: {
      name: "events.example.com",
      certificateArn: "arn:aws:acm:eu-west-1:123456789012:certificate/0f0f",
      mutualTls: { truststoreUri: "s3://trust/clients.pem", truststoreVersion: "v7" },
    },
    allowedAccountIds: ["123456789012"],
    permissionsBoundaryArn: "arn:aws:iam::123456789012:policy/webhooks-boundary",
    rolePath: "/webhooks/",
    vpc: { subnetIds: ["subnet-0a0a", "subnet-0b0b"], securityGroupIds: ["sg-0c0c"] },
    overflow: { accessLogs: { bucket: "access-logs-of-the-team" } },
    encryptionKeyArn: "arn:aws:kms:eu-west-1:123456789012:key/0a0b-0c0d",
    encryptTableAndVariables: true,
    tracing: true,
    // EventBridge's events need four times as much, and AWS provider 6.8; here 5.100 is enough.
    queue: { maxMessageBytes: 262_144 },
    receiver: { reservedConcurrency: 50 },
    processor: { deliveriesPerSecond: 100 },
  },
} as const satisfies Record<string, EnvironmentInput>;
