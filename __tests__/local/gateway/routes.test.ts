import { matchRoute } from "../../../local/gateway/routes.ts";

const keys = [
  "$default",
  "ANY /{proxy+}",
  "POST /{proxy+}",
  "ANY /webhook/{id}",
  "POST /webhook/{id}",
  "ANY /webhook/health",
  "POST /webhook/health",
];
const ways = [
  ["as declared", keys],
  ["the other way round", keys.toReversed()],
] as const;

describe.each(ways)("routes %s: the one that says most takes the request", (_, declared) => {
  const routes = declared.map((routeKey) => ({ routeKey, functionArn: "arn", timeoutMilliseconds: 1 }));

  test.each([
    ["POST", "/webhook/health", "POST /webhook/health"],
    ["GET", "/webhook/health", "ANY /webhook/health"],
    ["POST", "/webhook/1", "POST /webhook/{id}"],
    ["GET", "/webhook/1", "ANY /webhook/{id}"],
    ["POST", "/webhook/1/2", "POST /{proxy+}"],
    ["GET", "/other", "ANY /{proxy+}"],
    ["GET", "/", "$default"],
  ])("%s %s is %s", (method, path, expected) => {
    expect(matchRoute(routes, method, path)?.routeKey).toBe(expected);
  });
});
