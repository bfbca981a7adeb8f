import type { Resource } from "../resource.ts";
import type { ResourceAdapter } from "../resource-adapter.ts";

const id = (resource: Resource) => resource.address.replaceAll(".", "-").replaceAll("_", "-");

export const api: ResourceAdapter = {
  uses: ["protocol_type", "cors_configuration"],
  noEffect: {
    name: "for people",
    description: "for people",
    disable_execute_api_endpoint: "the API answers at an address of this machine",
  },
  outputs: (resource, { apiUrl, region, account }) => ({
    id: id(resource),
    api_endpoint: apiUrl,
    arn: `arn:aws:apigateway:${region}::/apis/${id(resource)}`,
    execution_arn: `arn:aws:execute-api:${region}:${account}:${id(resource)}`,
  }),
  add(resource, stack, context) {
    stack.executionArn = this.outputs(resource, context)["execution_arn"] ?? "";
    if (resource.text("protocol_type") !== "HTTP") resource.refuse("is no HTTP API, and only those run here");
    if (resource.value("cors_configuration") === undefined) return;
    stack.cors = {
      allowOrigins: resource.texts("cors_configuration.allow_origins"),
      allowMethods: resource.texts("cors_configuration.allow_methods"),
      allowHeaders: resource.texts("cors_configuration.allow_headers"),
      exposeHeaders: resource.texts("cors_configuration.expose_headers"),
      allowCredentials: resource.flag("cors_configuration.allow_credentials", false),
      maxAgeSeconds: maxAge(resource),
    };
  },
};

/** Kept until its routes come, which name it by its id. */
export const integration: ResourceAdapter = {
  uses: ["integration_type", "integration_uri", "payload_format_version", "timeout_milliseconds"],
  noEffect: {
    api_id: "there is one API",
    integration_method: "a function is always called by POST",
    description: "for people",
  },
  outputs: (resource) => ({ id: id(resource) }),
  add(resource) {
    const type = resource.text("integration_type");
    if (type !== "AWS_PROXY") resource.refuse(`is of type ${type}, and only AWS_PROXY runs here`);
    const format = resource.text("payload_format_version");
    if (format !== "2.0") resource.refuse(`has payload format ${format}, and only 2.0 is spoken here`);
  },
};

/** What stands in quotes is one. */
const ACCESS_LOG_FIELD = /"[^"]*"|\S+/g;

export const stage: ResourceAdapter = {
  uses: ["name", "auto_deploy", "access_log_settings"],
  noEffect: {
    api_id: "there is one API",
    default_route_settings: "one person at a keyboard is not throttled",
    route_settings: "one person at a keyboard is not throttled",
  },
  outputs: (resource) => ({ id: resource.text("name"), name: resource.text("name") }),
  add(resource, stack) {
    const format = resource.value("access_log_settings.format");
    // Nothing is written here; what is counted in it is.
    if (typeof format === "string") stack.accessLog = format.match(ACCESS_LOG_FIELD) ?? [];
    const name = resource.text("name");
    if (name !== "$default") resource.refuse(`is named ${name}; only $default, without a path, runs here`);
    if (!resource.flag("auto_deploy", false)) resource.refuse("does not deploy by itself");
  },
};

function maxAge(resource: Resource): number | undefined {
  const seconds = resource.number("cors_configuration.max_age", Number.NaN);
  return Number.isNaN(seconds) ? undefined : seconds;
}
