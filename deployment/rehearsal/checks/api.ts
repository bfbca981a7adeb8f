import {
  type ApiMapping,
  GetApiCommand,
  GetApiMappingsCommand,
  type GetApiResponse,
  GetDomainNameCommand,
  type GetDomainNameResponse,
  GetIntegrationsCommand,
  GetRoutesCommand,
  GetStageCommand,
  type GetStageResponse,
  type Integration,
  type Route,
} from "@aws-sdk/client-apigatewayv2";
import { type AskedResource, type AskedStack, block } from "../asked.ts";
import type { Cloud } from "../cloud.ts";
import { compare, type Finding, parsed, sorted } from "../finding.ts";

/** Every HTTP API with its CORS, its routes (no more, no fewer) and what they lead to, its names and its stages. */
export async function checkApis(asked: AskedStack, { api }: Cloud): Promise<Finding[]> {
  const findings: Finding[] = [];
  for (const it of asked.ofType("aws_apigatewayv2_api")) {
    const ApiId = String(it.state["id"]);
    const integrations = (await api.send(new GetIntegrationsCommand({ ApiId }))).Items ?? [];
    const routes = (await api.send(new GetRoutesCommand({ ApiId }))).Items ?? [];
    findings.push(
      ...compareApi(it, await api.send(new GetApiCommand({ ApiId }))),
      ...compareRoutes(asked, it, routes, integrations),
    );
  }
  for (const it of asked.ofType("aws_apigatewayv2_domain_name")) {
    const DomainName = String(it.attributes["domain_name"]);
    const { Items = [] } = await api.send(new GetApiMappingsCommand({ DomainName }));
    findings.push(
      ...compareDomain(asked, it, await api.send(new GetDomainNameCommand({ DomainName })), Items),
    );
  }
  for (const it of asked.ofType("aws_apigatewayv2_stage")) {
    const names = { ApiId: String(it.attributes["api_id"]), StageName: String(it.attributes["name"]) };
    findings.push(...compareStage(it, await api.send(new GetStageCommand(names))));
  }
  return findings;
}

export function compareApi(asked: AskedResource, found: GetApiResponse): Finding[] {
  const cors = block(asked.attributes["cors_configuration"]);
  return compare(asked.address, {
    "AWS's own address is off": [
      asked.attributes["disable_execute_api_endpoint"],
      found.DisableExecuteApiEndpoint,
    ],
    protocol: [asked.attributes["protocol_type"], found.ProtocolType],
    "CORS origins": [sorted(cors?.["allow_origins"]), sorted(found.CorsConfiguration?.AllowOrigins)],
    "CORS methods": [sorted(cors?.["allow_methods"]), sorted(found.CorsConfiguration?.AllowMethods)],
    "CORS headers": [lowerCase(cors?.["allow_headers"]), lowerCase(found.CorsConfiguration?.AllowHeaders)],
    "CORS maximum age, s": [cors?.["max_age"], found.CorsConfiguration?.MaxAge],
  });
}

export function compareRoutes(
  asked: AskedStack,
  api: AskedResource,
  routes: readonly Route[],
  integrations: readonly Integration[],
): Finding[] {
  const ofApi = (type: string) =>
    asked.ofType(type).filter((it) => it.attributes["api_id"] === api.state["id"]);
  const askedRoutes = ofApi("aws_apigatewayv2_route");
  const keys = compare(api.address, {
    routes: [
      sorted(askedRoutes.map((it) => it.attributes["route_key"])),
      sorted(routes.map((route) => route.RouteKey)),
    ],
  });
  const targets = askedRoutes.flatMap((it) => {
    const found = routes.find((route) => route.RouteKey === it.attributes["route_key"]);
    return compare(it.address, { target: [it.attributes["target"], found?.Target] });
  });
  const calls = ofApi("aws_apigatewayv2_integration").flatMap((it) => {
    const found = integrations.find((integration) => integration.IntegrationId === it.state["id"]);
    return compare(it.address, {
      kind: [it.attributes["integration_type"], found?.IntegrationType],
      function: [it.attributes["integration_uri"], found?.IntegrationUri],
      "payload format": [it.attributes["payload_format_version"], found?.PayloadFormatVersion],
    });
  });
  return [...keys, ...targets, ...calls];
}

/** A name of the team's own, how clients prove themselves at it, and which API it leads to. */
export function compareDomain(
  asked: AskedStack,
  domain: AskedResource,
  found: GetDomainNameResponse,
  mappings: readonly ApiMapping[],
): Finding[] {
  const given = block(domain.attributes["domain_name_configuration"]);
  const trust = block(domain.attributes["mutual_tls_authentication"]);
  const [configuration] = found.DomainNameConfigurations ?? [];
  const mapped = asked
    .ofType("aws_apigatewayv2_api_mapping")
    .filter((it) => it.attributes["domain_name"] === domain.attributes["domain_name"]);
  return compare(domain.address, {
    certificate: [given?.["certificate_arn"], configuration?.CertificateArn],
    TLS: [given?.["security_policy"], configuration?.SecurityPolicy],
    "clients' certificates": [trust?.["truststore_uri"], found.MutualTlsAuthentication?.TruststoreUri],
    "leads to": [
      mapped.map((it) => [it.attributes["api_id"], it.attributes["stage"]]),
      mappings.map((it) => [it.ApiId, it.Stage]),
    ],
  });
}

export function compareStage(asked: AskedResource, found: GetStageResponse): Finding[] {
  const given = asked.attributes;
  const throttling = block(given["default_route_settings"]);
  const log = block(given["access_log_settings"]);
  return compare(asked.address, {
    "deploys by itself": [given["auto_deploy"], found.AutoDeploy],
    "burst limit": [throttling?.["throttling_burst_limit"], found.DefaultRouteSettings?.ThrottlingBurstLimit],
    "rate limit": [throttling?.["throttling_rate_limit"], found.DefaultRouteSettings?.ThrottlingRateLimit],
    "access log": [log?.["destination_arn"], found.AccessLogSettings?.DestinationArn],
    "access log format": [parsed(log?.["format"]), parsed(found.AccessLogSettings?.Format)],
  });
}

/** Header names have no case. */
function lowerCase(headers: unknown): unknown {
  return Array.isArray(headers) ? sorted(headers.map((header) => String(header).toLowerCase())) : headers;
}
