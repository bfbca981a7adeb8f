import { AwsProvider } from "@cdktf/provider-aws/lib/provider/index.js";
import {
  CloudBackend,
  HttpBackend,
  LocalBackend,
  NamedCloudWorkspace,
  S3Backend,
  type TerraformStack,
} from "cdktf";
import { defined } from "../../contract/defined.ts";
import { providerRange } from "../provider-range.ts";
import type { EnvironmentSettings } from "../settings.ts";

/** Write-only attributes keep secrets out of the state; S3's lock file is 1.10. */
export const TERRAFORM_VERSIONS = ">= 1.11.0";
/** From a stack's folder, `cdktf.out/stacks/<environment>`, to the repository's root. */
const ROOT = "../../..";

/** Versions, provider and state of one environment's stack. */
export function configureTerraform(
  stack: TerraformStack,
  environment: string,
  settings: EnvironmentSettings,
): void {
  new AwsProvider(stack, "aws", {
    region: settings.region,
    ...(settings.allowedAccountIds.length > 0 ? { allowedAccountIds: settings.allowedAccountIds } : {}),
    defaultTags: [{ tags: { project: "genesys-dlq", environment, ...settings.tags } }],
  });
  // The bindings pin one version exactly: docs/decisions/0013-pin-cdktf-open-the-provider.md
  stack.addOverride("terraform.required_providers.aws", {
    source: "hashicorp/aws",
    version: providerRange(settings),
  });
  createBackend(stack, settings);
}

function createBackend(stack: TerraformStack, { backend }: EnvironmentSettings): void {
  switch (backend.kind) {
    case "local":
      // Relative, or the state's absolute path on one machine would be part of the stack.
      new LocalBackend(stack, { path: `${ROOT}/${backend.path}` });
      return;
    case "s3": {
      const { kind: _, kmsKeyArn, roleArn, ...s3 } = backend;
      const more = { kmsKeyId: kmsKeyArn, assumeRole: roleArn === undefined ? undefined : { roleArn } };
      new S3Backend(stack, { ...s3, encrypt: true, ...defined(more) });
      stack.addOverride("terraform.backend.s3.use_lockfile", true);
      return;
    }
    case "http": {
      const { kind: _, address, ...locks } = backend;
      new HttpBackend(stack, { address, ...defined(locks) });
      return;
    }
    case "cloud": {
      const { organization, workspace, hostname } = backend;
      const workspaces = new NamedCloudWorkspace(workspace);
      new CloudBackend(stack, { organization, workspaces, ...defined({ hostname }) });
    }
  }
}
