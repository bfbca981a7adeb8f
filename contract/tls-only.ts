/** A statement of a resource policy that refuses whoever comes without TLS. */
export interface TlsOnly {
  readonly Sid: "TlsOnly";
  readonly Effect: "Deny";
  readonly Principal: "*";
  readonly Action: string;
  readonly Resource: string | readonly string[];
  readonly Condition: { readonly Bool: { readonly "aws:SecureTransport": "false" } };
}

/**
 * Refuses whoever comes without TLS.
 *
 * @param action the service's wildcard, the one place where one belongs; SNS takes none in a topic's policy
 */
export function tlsOnly(
  action: "sqs:*" | "s3:*" | "sns:Publish",
  resources: string | readonly string[],
): TlsOnly {
  return {
    Sid: "TlsOnly",
    Effect: "Deny",
    Principal: "*",
    Action: action,
    Resource: resources,
    Condition: { Bool: { "aws:SecureTransport": "false" } },
  };
}
