import type { IncomingMessage, ServerResponse } from "node:http";
import { text } from "node:stream/consumers";
import { ServiceError } from "../cloud/service-error.ts";
import type { InvocationResult } from "../lambda/invocation-result.ts";
import type { FunctionModel } from "../stack/model.ts";
import { configurationOf } from "./configuration.ts";
import { MappingCalls, type MappingPorts } from "./mapping-calls.ts";

/** What Lambda's API acts on. */
export interface LambdaApiPorts extends MappingPorts {
  readonly functions: readonly FunctionModel[];
  readonly invoke: (functionArn: string, event: unknown) => Promise<InvocationResult>;
  /** Takes the event; it is not waited for. */
  readonly accept: (functionArn: string, event: unknown) => void;
}

interface ApiResponse {
  readonly status: number;
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
}

/** Each call bears the date of the API in which it came: most are of the first. */
const PATH = /^\/\d{4}-\d{2}-\d{2}\/(functions|event-source-mappings)\/?([^/]*)\/?(.*)$/;

/** Lambda's API, as far as functions and operators use it: invocations, configurations, event source mappings. */
export class LambdaApi {
  readonly #ports: LambdaApiPorts;
  readonly #mappings: MappingCalls;
  readonly #deployed = new Date();

  constructor(ports: LambdaApiPorts) {
    this.#ports = ports;
    this.#mappings = new MappingCalls(ports);
  }

  /** Answers calls to Lambda. */
  readonly listener = (request: IncomingMessage, response: ServerResponse): void => {
    void this.#answer(request, response).catch(() => response.destroy());
  };

  async #answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const input = await text(request);
    const { status, headers, body } = await this.#act(request, input).catch(refused);
    response.writeHead(status, { "content-type": "application/json", ...headers });
    response.end(body === undefined ? undefined : JSON.stringify(body));
  }

  async #act({ method = "", url = "", headers }: IncomingMessage, input: string): Promise<ApiResponse> {
    const { pathname, searchParams } = new URL(url, "http://lambda");
    const [, kind, id = "", action] = PATH.exec(pathname) ?? [];
    const qualifier = searchParams.get("Qualifier");
    const name = decodeURIComponent(id) + (qualifier === null ? "" : `:${qualifier}`);
    switch (`${method} ${kind}/${name === "" ? "" : "*"}/${action}`) {
      case "POST functions/*/invocations":
        return this.#invoke(name, String(headers["x-amz-invocation-type"] ?? "RequestResponse"), input);
      case "GET functions/*/configuration":
        return { status: 200, body: this.#configuration(name) };
      case "GET functions/*/": // GetFunction; where its code lies here is nobody's business
        return { status: 200, body: { Configuration: this.#configuration(name), Code: {} } };
      case "GET functions/*/concurrency":
        this.#arnOf(name);
        return { status: 200, body: {} }; // nothing is reserved here: see local/stack/adapters/function.ts
      case "GET event-source-mappings//":
        return { status: 200, body: this.#mappings.list(searchParams) };
      case "GET event-source-mappings/*/":
        return { status: 200, body: this.#mappings.get(name) };
      case "PUT event-source-mappings/*/": {
        const changes = parse(input) as Readonly<Record<string, unknown>>;
        return { status: 202, body: await this.#mappings.update(name, changes) };
      }
      default:
        throw new ServiceError(
          "UnknownOperationException",
          `The local run does not know ${method} ${pathname}.`,
          404,
        );
    }
  }

  #arnOf(name: string): string {
    const functionArn = this.#ports.functionArn(name);
    if (functionArn !== undefined) return functionArn;
    throw new ServiceError("ResourceNotFoundException", `Function not found: ${name}`, 404);
  }

  #configuration(name: string) {
    const functionArn = this.#arnOf(name);
    const model = this.#ports.functions.find(
      ({ arn }) => functionArn === arn || functionArn.startsWith(`${arn}:`),
    );
    return model && configurationOf(model, this.#deployed);
  }

  async #invoke(name: string, type: string, input: string): Promise<ApiResponse> {
    const functionArn = this.#arnOf(name);
    const event = input === "" ? {} : parse(input);
    if (type === "Event") {
      this.#ports.accept(functionArn, event);
      return { status: 202 };
    }
    if (type !== "RequestResponse") {
      throw new ServiceError("InvalidParameterValueException", `The local run does not know ${type}.`);
    }
    const answer = await this.#ports.invoke(functionArn, event);
    const headers = { "x-amz-executed-version": "$LATEST" };
    if (answer.ok) return { status: 200, headers, body: JSON.parse(answer.payload) };
    return { status: 200, headers: { ...headers, "x-amz-function-error": "Unhandled" }, body: answer.error };
  }
}

function refused(error: unknown): ApiResponse {
  if (!(error instanceof ServiceError)) throw error;
  const { status, type, message } = error;
  return { status, headers: { "x-amzn-errortype": type }, body: { Type: "User", Message: message, message } };
}

function parse(input: string): unknown {
  try {
    return JSON.parse(input);
  } catch {
    throw new ServiceError("InvalidRequestContentException", "Could not parse request body into json.");
  }
}
