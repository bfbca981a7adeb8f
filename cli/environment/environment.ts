import { defined } from "../../contract/defined.ts";
import type { StackOutputs } from "../../contract/outputs.ts";
import { type Account, AwsClients, type RetryPolicy } from "../aws/clients.ts";

/** A pipeline that the command operates: one that is deployed, or a local run. */
export class Environment {
  readonly kind: "deployed" | "local";
  readonly outputs: StackOutputs;
  readonly account: Account;
  readonly clients: AwsClients;

  /** Of a local run: where its functions' logs lie. */
  readonly logsFolder: string | undefined;

  constructor(
    kind: Environment["kind"],
    outputs: StackOutputs,
    account: Account,
    { retryPolicy, logsFolder }: { readonly retryPolicy?: RetryPolicy; readonly logsFolder?: string } = {},
  ) {
    this.logsFolder = logsFolder;
    this.kind = kind;
    this.outputs = outputs;
    this.account = account;
    this.clients = new AwsClients(account, retryPolicy);
  }

  /** The same environment under another retry policy. */
  with(retryPolicy: RetryPolicy): Environment {
    return new Environment(
      this.kind,
      this.outputs,
      this.account,
      defined({ retryPolicy, logsFolder: this.logsFolder }),
    );
  }

  /** As a person would call it. */
  get title(): string {
    const { environment } = this.outputs;
    return this.kind === "local"
      ? `the local run of ${environment}`
      : `${environment} in ${this.account.region}`;
  }
}
