import { block } from "../block.ts";
import { type Grant, type ResourceTypes, type Scope, text } from "../grant.ts";

/**
 * API Gateway's actions are HTTP's methods, its resources their paths. An API's id is made with it, so that paths
 * have `*` in its place; only the API itself is known by its name.
 * https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazonapigatewaymanagementv2.html
 */
const path = ({ partition, region }: Scope, ofApi: string) =>
  `arn:${partition}:apigateway:${region}::${ofApi}`;

const CHANGE = ["apigateway:DELETE", "apigateway:PATCH", "apigateway:POST"];

/** A part of some API: `integrations`, `routes`. */
const part = (name: string, tagged = false) => ({
  arn: (_attributes: object, scope: Scope) => path(scope, `/apis/*/${name}`),
  grants: (arn: string, _attributes: object, scope: Scope): Grant[] => [
    { read: ["apigateway:GET"], resources: [path(scope, "/apis/*")] },
    { change: CHANGE, resources: [arn, `${arn}/*`] },
    ...(tagged ? tags(scope) : []),
  ],
});

/**
 * Who makes something with tags needs them as if they were put on it later: the path is `/tags/` and the ARN, which
 * API Gateway has been seen to spell with the region's ARN twice.
 * https://github.com/hashicorp/terraform-provider-aws/issues/16023
 */
function tags(scope: Scope): Grant[] {
  return [
    {
      change: ["apigateway:DELETE", "apigateway:POST", "apigateway:PUT"],
      resources: [path(scope, "*/tags/*")],
    },
  ];
}

/** https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-logging.html */
const LOG_DELIVERY: Grant = {
  change: [
    "logs:CreateLogDelivery",
    "logs:DeleteLogDelivery",
    "logs:DescribeResourcePolicies",
    "logs:GetLogDelivery",
    "logs:ListLogDeliveries",
    "logs:PutResourcePolicy",
    "logs:UpdateLogDelivery",
  ],
  resources: ["*"], // deliveries are the account's, and are made by API Gateway in the caller's name
};

export const apiGateway: ResourceTypes = {
  aws_apigatewayv2_api: {
    arn: (_attributes, scope) => path(scope, "/apis/*"),
    grants: (arn, { name }, scope) => [
      { read: ["apigateway:GET"], resources: [arn] },
      { change: ["apigateway:POST"], resources: [path(scope, "/apis")] },
      {
        change: ["apigateway:DELETE", "apigateway:PATCH"],
        resources: [arn],
        condition: { StringEquals: { "apigateway:Resource/ApiName": text(name) } },
      },
      { change: ["apigateway:DELETE"], resources: [path(scope, "/apis/*/cors")] },
      ...tags(scope),
    ],
  },
  aws_apigatewayv2_integration: part("integrations"),
  aws_apigatewayv2_route: part("routes"),
  aws_apigatewayv2_stage: {
    ...part("stages", true),
    grants: (arn, attributes, scope) => [
      ...part("stages", true).grants(arn, attributes, scope),
      ...(attributes["access_log_settings"] === undefined ? [] : [LOG_DELIVERY]),
    ],
  },
  aws_apigatewayv2_domain_name: {
    arn: ({ domain_name: name }, scope) => path(scope, `/domainnames/${text(name)}`),
    grants: (arn, { mutual_tls_authentication: mutualTls }, scope) => [
      { read: ["apigateway:GET"], change: ["apigateway:DELETE", "apigateway:PATCH"], resources: [arn] },
      { change: ["apigateway:POST"], resources: [path(scope, "/domainnames")] },
      ...tags(scope),
      // An account's first one has API Gateway make its role.
      // https://docs.aws.amazon.com/apigateway/latest/developerguide/using-service-linked-roles.html
      {
        change: ["iam:CreateServiceLinkedRole"],
        resources: [scope.globalArn("iam", "role/aws-service-role/ops.apigateway.amazonaws.com/*")],
      },
      ...truststore(block(mutualTls)?.["truststore_uri"], scope),
    ],
  },
  aws_apigatewayv2_api_mapping: {
    arn: ({ domain_name: name }, scope) => `${scope.arnOf(name)}/apimappings`,
    grants: (arn) => [
      { read: ["apigateway:GET"], resources: [`${arn}/*`] },
      { change: CHANGE, resources: [arn, `${arn}/*`] },
    ],
  },
};

/** API Gateway reads it in the name of who sets it. */
function truststore(uri: unknown, { partition }: Scope): Grant[] {
  if (typeof uri !== "string") return [];
  const object = uri.replace(/^s3:\/\//, "");
  return [
    { change: ["s3:GetObject", "s3:GetObjectVersion"], resources: [`arn:${partition}:s3:::${object}`] },
  ];
}
