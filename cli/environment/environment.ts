import type { StackOutputs } from "../../contract/outputs.ts";
import { AwsClients, type AwsPlace } from "../aws/clients.ts";

/** A pipeline that the command operates: one that is deployed, or a local run. */
export class Environment {
  readonly kind: "deployed" | "local";
  readonly outputs: StackOutputs;
  readonly place: AwsPlace;
  readonly clients: AwsClients;

  constructor(kind: Environment["kind"], outputs: StackOutputs, place: AwsPlace) {
    this.kind = kind;
    this.outputs = outputs;
    this.place = place;
    this.clients = new AwsClients(place);
  }

  /** As a person would call it. */
  get title(): string {
    const { environment } = this.outputs;
    return this.kind === "local"
      ? `the local run of ${environment}`
      : `${environment} in ${this.place.region}`;
  }
}
