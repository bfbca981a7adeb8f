/** What a preflight is answered, by API Gateway's own configuration or by the receiver where that has none. */

export const CORS_METHODS = ["POST", "OPTIONS"] as const;

/** The tutorial's, and the signature that it lacks. */
export const CORS_HEADERS = [
  "Content-Type",
  "X-Amz-Date",
  "Authorization",
  "X-Api-Key",
  "X-Amz-Security-Token",
  "X-Hub-Signature-256",
] as const;
