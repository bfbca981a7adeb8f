import { blockOf, numberOf, type Resource, type Snapshot } from "../snapshot.ts";
import { goesOff, type Held, listedSafeguard, onOff, type Safeguard } from "./safeguard.ts";

const REFUSED = "events: the caller is refused, and Genesys takes that as final";
const NEW_URL = "First let Genesys post to another URL that takes them, and wait until nothing comes here.";

/** What a route leads to: a function, or where else its integration sends requests. */
function leadsTo(route: Resource, snapshot: Snapshot): string {
  const id = String(route.values["target"] ?? "").replace(/^integrations\//, "");
  const address = snapshot.resourceOf(id, ["aws_apigatewayv2_integration"]);
  const found = snapshot
    .all("aws_apigatewayv2_integration")
    .find((one) => one.address === address || one.values["id"] === id || id === `${one.address}.id`);
  if (found === undefined) return snapshot.text(id) || "nothing";
  const { integration_type: kind, integration_uri: uri } = found.values;
  return `${snapshot.text(uri).replace(/\.invoke_arn$/, "")} (${kind})`;
}

/** Who may call a route, beside those that the receiver believes. */
function asks({ values }: Resource): string {
  const kind = String(values["authorization_type"] ?? "NONE") || "NONE";
  return values["api_key_required"] === true ? `${kind} and an API key` : kind;
}

const routes: Safeguard = listedSafeguard({
  held: (snapshot) =>
    snapshot.all("aws_apigatewayv2_route").map((route) => ({
      key: `route ${route.values["route_key"]}`,
      address: route.address,
      level: `to ${leadsTo(route, snapshot)}, authorization ${asks(route)}`,
    })),
  lost: REFUSED,
  remedy: NEW_URL,
  lostMeanwhile: "events of the moment between: the API answers 404, which Genesys takes as final",
});

const stages: Safeguard = listedSafeguard({
  held: (snapshot) =>
    snapshot.all("aws_apigatewayv2_stage").flatMap(({ address, values }): Held[] => [
      { key: `stage ${values["name"]}`, address },
      {
        key: `stage ${values["name"]} goes live by itself`,
        address,
        level: onOff(values["auto_deploy"] === true),
      },
      ...throttles(address, values),
    ]),
  isWorse: (was, is) => (typeof is === "number" ? is < 1 : goesOff(was, is)),
  lost: REFUSED,
  remedy: NEW_URL,
  lostMeanwhile: "events of the moment between: the API answers 404, which Genesys takes as final",
});

/** A throttle of nothing at all is no throttle but a closed door; any other is a team's own number. */
function throttles(address: string, values: Resource["values"]): Held[] {
  const settings = blockOf(values["default_route_settings"]);
  return ["throttling_rate_limit", "throttling_burst_limit"].flatMap((name) => {
    const level = numberOf(settings[name]);
    return level === undefined ? [] : [{ key: name, address, level }];
  });
}

const NOWHERE = {
  lost: "events that are posted to this URL: nothing answers there any more",
  remedy: NEW_URL,
} as const;

/** The URL that AWS has given it. */
const ownUrl: Safeguard = listedSafeguard({
  held: (snapshot) =>
    snapshot.all("aws_apigatewayv2_api").map(({ address, values }) => ({
      key: `AWS's own URL of ${address}`,
      address,
      level: onOff(values["disable_execute_api_endpoint"] !== true),
    })),
  isWorse: goesOff,
  absenceLoses: false, // that it is destroyed is told
  ...NOWHERE,
});

/** The URLs that Genesys may have been told beside it. */
const urls: Safeguard = listedSafeguard({
  held: (snapshot) => [
    ...snapshot.all("aws_apigatewayv2_domain_name").flatMap(({ address, values }) => {
      const name = `domain ${values["domain_name"]}`;
      const certificates = Object.keys(blockOf(values["mutual_tls_authentication"])).length > 0;
      return [
        { key: name, address },
        { key: `${name} takes callers without a certificate`, address, level: onOff(!certificates) },
      ];
    }),
    ...snapshot.all("aws_apigatewayv2_api_mapping").map(({ address, values }) => ({
      key: `API under ${snapshot.resourceOf(values["domain_name"], ["aws_apigatewayv2_domain_name"], ["domain_name", "id"])}/${values["api_mapping_key"] ?? ""}`,
      address,
    })),
  ],
  isWorse: goesOff,
  lostMeanwhile: "events of the moment between: nothing answers there",
  ...NOWHERE,
});

/** The ways by which events come in over HTTP. */
export const doors: readonly Safeguard[] = [routes, stages, ownUrl, urls];
