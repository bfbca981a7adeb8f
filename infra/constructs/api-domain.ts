import type { Apigatewayv2Api } from "@cdktf/provider-aws/lib/apigatewayv2-api/index.js";
import { Apigatewayv2ApiMapping } from "@cdktf/provider-aws/lib/apigatewayv2-api-mapping/index.js";
import { Apigatewayv2DomainName } from "@cdktf/provider-aws/lib/apigatewayv2-domain-name/index.js";
import type { Apigatewayv2Stage } from "@cdktf/provider-aws/lib/apigatewayv2-stage/index.js";
import { Construct } from "constructs";
import { defined } from "../../contract/defined.ts";
import type { EnvironmentSettings } from "../settings.ts";

/** A name of the team's own for the API. Its DNS record is the team's affair: it points to `target`. */
export class ApiDomain extends Construct {
  /** Where the name has to point: an alias record in Route 53, a CNAME elsewhere. */
  readonly target: string;
  /** The hosted zone of `target`, as an alias record wants it. */
  readonly hostedZoneId: string;

  constructor(
    scope: Construct,
    id: string,
    domain: NonNullable<EnvironmentSettings["domain"]>,
    api: Apigatewayv2Api,
    stage: Apigatewayv2Stage,
  ) {
    super(scope, id);
    const { truststoreUri, truststoreVersion } = domain.mutualTls ?? {};
    const name = new Apigatewayv2DomainName(this, "Default", {
      domainName: domain.name,
      domainNameConfiguration: {
        certificateArn: domain.certificateArn,
        endpointType: "REGIONAL", // all that HTTP APIs have
        securityPolicy: "TLS_1_2",
      },
      ...(truststoreUri === undefined
        ? {}
        : {
            mutualTlsAuthentication: {
              truststoreUri,
              ...defined({ truststoreVersion }),
            },
          }),
    });
    new Apigatewayv2ApiMapping(this, "mapping", {
      apiId: api.id,
      domainName: name.id,
      stage: stage.name,
    });
    this.target = name.domainNameConfiguration.targetDomainName;
    this.hostedZoneId = name.domainNameConfiguration.hostedZoneId;
  }
}
