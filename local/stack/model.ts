/** What the synthesised stack asks to run, in the words of the services. */
export interface LocalStack {
  readonly region: string;
  readonly queues: QueueModel[];
  readonly buckets: BucketModel[];
  readonly parameters: ParameterModel[];
  readonly functions: FunctionModel[];
  readonly routes: RouteModel[];
  readonly mappings: MappingModel[];
  /** Of the API; absent where it answers no preflight. */
  cors?: CorsModel;
}

interface QueueModel {
  readonly address: string;
  readonly name: string;
  readonly url: string;
  readonly arn: string;
  /** As `SetQueueAttributes` takes them. */
  readonly attributes: Record<string, string>;
}

interface BucketModel {
  readonly name: string;
}

export interface ParameterModel {
  readonly name: string;
  readonly type: string;
  readonly value: string;
}

export interface FunctionModel {
  readonly address: string;
  readonly name: string;
  readonly arn: string;
  readonly handler: string;
  readonly runtime: string;
  /** The zip's path. */
  readonly zip: string;
  readonly timeoutSeconds: number;
  readonly memoryMegabytes: number;
  readonly variables: Readonly<Record<string, string>>;
}

export interface RouteModel {
  /** `POST /open-messaging/{integrationId}` */
  readonly routeKey: string;
  readonly functionArn: string;
  readonly timeoutMilliseconds: number;
}

export interface CorsModel {
  readonly allowOrigins: readonly string[];
  readonly allowMethods: readonly string[];
  readonly allowHeaders: readonly string[];
  readonly exposeHeaders: readonly string[];
  readonly allowCredentials: boolean;
  readonly maxAgeSeconds: number | undefined;
}

export interface MappingModel {
  readonly address: string;
  readonly queueArn: string;
  readonly functionArn: string;
  readonly enabled: boolean;
  readonly batchSize: number;
  readonly batchWindowSeconds: number;
  readonly maximumConcurrency: number | undefined;
  readonly reportsBatchItemFailures: boolean;
}
