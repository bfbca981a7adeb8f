import { Apigatewayv2Api } from "@cdktf/provider-aws/lib/apigatewayv2-api/index.js";
import { Apigatewayv2Integration } from "@cdktf/provider-aws/lib/apigatewayv2-integration/index.js";
import { Apigatewayv2Route } from "@cdktf/provider-aws/lib/apigatewayv2-route/index.js";
import {
  Apigatewayv2Stage,
  type Apigatewayv2StageRouteSettings,
} from "@cdktf/provider-aws/lib/apigatewayv2-stage/index.js";
import type { CloudwatchLogGroup } from "@cdktf/provider-aws/lib/cloudwatch-log-group/index.js";
import { CloudwatchLogMetricFilter } from "@cdktf/provider-aws/lib/cloudwatch-log-metric-filter/index.js";
import type { LambdaFunction } from "@cdktf/provider-aws/lib/lambda-function/index.js";
import { LambdaPermission } from "@cdktf/provider-aws/lib/lambda-permission/index.js";
import { Construct } from "constructs";
import { CORS_HEADERS, CORS_METHODS } from "../../contract/cors.ts";
import { accessLogMetrics, ENVIRONMENT_DIMENSION, METRIC_NAMESPACE } from "../../contract/metrics.ts";
import type { HttpSource } from "../../contract/sources/index.ts";
import type { SourceDefinition } from "../../contract/sources/source.ts";
import { accessLogFormat, accessLogPattern } from "../access-log.ts";
import { dataLifecycle } from "../lifecycle.ts";
import type { Names } from "../names.ts";
import type { EnvironmentSettings } from "../settings.ts";
import type { EnabledSource } from "../sources.ts";
import { ApiDomain } from "./api-domain.ts";
import { createLogGroup } from "./log-group.ts";

/** The answers that alarms count in the access log. */
const COUNTED_STATUS = { unauthorized: 401, throttled: 429 } as const satisfies Record<
  keyof typeof accessLogMetrics,
  number
>;

interface ApiConfig {
  readonly environment: string;
  readonly names: Names;
  readonly settings: EnvironmentSettings;
}

/** The HTTP API: one route for each enabled source, all answered by the receiver. */
export class HttpApi extends Construct {
  /** By source: where Genesys posts to. */
  readonly apiId: string;
  readonly urls: Readonly<Partial<Record<HttpSource, string>>>;
  /** The team's own name for the API, where it has one. */
  readonly domain: ApiDomain | undefined;
  readonly #api: Apigatewayv2Api;

  constructor(
    scope: Construct,
    id: string,
    { environment, names, settings }: ApiConfig,
    sources: readonly EnabledSource[],
    receiver: LambdaFunction,
  ) {
    super(scope, id);
    const definitions = sources.map(({ definition }) => definition);
    this.#api = this.#createApi(names, settings, definitions);
    this.apiId = this.#api.id;
    const routes = this.#createRoutes(definitions, receiver);
    const stage = this.#createStage(
      { environment, names, settings },
      routeSettings(sources, settings),
      routes,
    );
    const { domain } = settings;
    this.domain = domain && new ApiDomain(this, "domain", domain, this.#api, stage);
    const endpoint = domain ? `https://${domain.name}` : this.#api.apiEndpoint;
    this.urls = Object.fromEntries(
      sources.map(({ source, definition: { path } }) => [source, `${endpoint}${path}`]),
    );
  }

  #createApi(names: Names, settings: EnvironmentSettings, sources: SourceDefinition[]) {
    const cors = {
      allowOrigins: settings.cors.allowOrigins,
      allowMethods: [...CORS_METHODS],
      allowHeaders: [...CORS_HEADERS],
    };
    return new Apigatewayv2Api(this, "Default", {
      name: names.api,
      protocolType: "HTTP",
      // Beside a name of the team's own, AWS's would be a way around its mutual TLS. Written out where there is none
      // too: Terraform would leave it as it was.
      disableExecuteApiEndpoint: settings.domain !== undefined && !settings.domain.keepAwsName,
      ...(sources.some((source) => source.cors) ? { corsConfiguration: cors } : {}),
      // Its URL is what Genesys Cloud knows: with another one, events are sent to nobody.
      ...dataLifecycle(settings),
    });
  }

  #createStage(
    { environment, names, settings }: ApiConfig,
    ofRoutes: readonly Apigatewayv2StageRouteSettings[],
    routes: Apigatewayv2Route[],
  ): Apigatewayv2Stage {
    const { throttling, domain } = settings;
    const logs = createLogGroup(this, "access_logs", names.accessLog, settings);
    for (const [metric, status] of Object.entries(COUNTED_STATUS))
      this.#count(metric as keyof typeof COUNTED_STATUS, status, logs, names);
    const format = accessLogFormat(environment, domain?.mutualTls !== undefined);
    return new Apigatewayv2Stage(this, "stage", {
      apiId: this.#api.id,
      name: "$default",
      autoDeploy: true,
      accessLogSettings: { destinationArn: logs.arn, format },
      defaultRouteSettings: {
        throttlingRateLimit: throttling.ratePerSecond,
        throttlingBurstLimit: throttling.burst,
      },
      // AWS takes settings of a route that is there.
      ...(ofRoutes.length === 0 ? {} : { routeSettings: [...ofRoutes], dependsOn: routes }),
    });
  }

  /** By CloudWatch, which costs the metric alone: the API's own metrics tell a 429 and a 404 apart no more than `4xx`. */
  #count(metric: keyof typeof COUNTED_STATUS, status: number, logs: CloudwatchLogGroup, names: Names): void {
    new CloudwatchLogMetricFilter(this, `count_${metric}`, {
      name: names.logCount(metric),
      logGroupName: logs.name,
      pattern: accessLogPattern(status),
      metricTransformation: {
        namespace: METRIC_NAMESPACE,
        name: accessLogMetrics[metric],
        value: "1",
        dimensions: {
          [ENVIRONMENT_DIMENSION]: `$${ENVIRONMENT_DIMENSION}`,
          service: "$service",
        },
      },
    });
  }

  #createRoutes(sources: SourceDefinition[], receiver: LambdaFunction): Apigatewayv2Route[] {
    const integration = new Apigatewayv2Integration(this, "integration", {
      apiId: this.#api.id,
      integrationType: "AWS_PROXY",
      integrationUri: receiver.invokeArn,
      payloadFormatVersion: "2.0",
    });
    return sources.map(({ source, path }) => {
      new LambdaPermission(this, `permission_${source}`, {
        statementId: `api-${source}`,
        action: "lambda:InvokeFunction",
        functionName: receiver.functionName,
        principal: "apigateway.amazonaws.com",
        sourceArn: `${this.#api.executionArn}/*/POST${path.replace(/\{[^}]+\}/g, "*")}`,
      });
      return new Apigatewayv2Route(this, `route_${source}`, {
        apiId: this.#api.id,
        routeKey: routeKey(path),
        target: `integrations/${integration.id}`,
      });
    });
  }
}

const routeKey = (path: string) => `POST ${path}`;

/** What each route takes, where there are several, or where one has its own: none can use up another's. */
function routeSettings(
  sources: readonly EnabledSource[],
  { throttling: usual }: EnvironmentSettings,
): Apigatewayv2StageRouteSettings[] {
  if (sources.length < 2 && sources.every(({ throttling }) => throttling === undefined)) return [];
  return sources.map(({ definition: { path }, throttling: own }) => {
    const { ratePerSecond, burst } = { ...usual, ...own };
    return {
      routeKey: routeKey(path),
      throttlingRateLimit: ratePerSecond,
      throttlingBurstLimit: burst,
    };
  });
}
