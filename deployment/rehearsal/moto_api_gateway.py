"""What moto's API Gateway lacks and a changed stack needs: UpdateStage, DeleteRouteSettings, UpdateDomainName, and tags of stages and domain names."""

import json
from urllib.parse import parse_qs, unquote, urlparse

from moto.apigatewayv2 import urls
from moto.apigatewayv2.models import apigatewayv2_backends
from moto.apigatewayv2.responses import ApiGatewayV2Response

STAGE_ATTRIBUTES = {
    "accessLogSettings": "access_log_settings",
    "autoDeploy": "auto_deploy",
    "defaultRouteSettings": "default_route_settings",
    "description": "description",
    "stageVariables": "stage_variables",
}
DOMAIN_ATTRIBUTES = {"domainNameConfigurations": "domain_name_configurations"}


def take(target, given, attributes):
    for name, attribute in attributes.items():
        if name in given:
            setattr(target, attribute, given[name])


def update_stage(response):
    *_, api_id, _, name = response.path.split("/")
    stage = response.apigatewayv2_backend.get_stage(api_id, unquote(name))
    given = json.loads(response.body)
    take(stage, given, STAGE_ATTRIBUTES)
    stage.route_settings = {**stage.route_settings, **given.get("routeSettings", {})}
    return 200, {}, json.dumps(stage.to_json())


def update_domain_name(response):
    domain = response.apigatewayv2_backend.get_domain_name(response.path.split("/")[-1])
    given = json.loads(response.body)
    take(domain, given, DOMAIN_ATTRIBUTES)
    # Of mutual TLS a call names what it changes; without a file there is none.
    mutual = {**(domain.mutual_tls_authentication or {}), **given.get("mutualTlsAuthentication", {})}
    domain.mutual_tls_authentication = mutual if mutual.get("truststoreUri") else {}
    return 200, {}, json.dumps(domain.to_json())


def delete_route_settings(_request, full_url, _headers):
    """By its own way: a route's key has a slash in it, by which moto's routing is misled."""
    path = unquote(urlparse(full_url).path)
    beginning, key = path.split("/routesettings/", 1)
    api_id, _, name = beginning.split("/")[-3:]
    backends = [backend for regions in apigatewayv2_backends.values() for backend in regions.values()]
    for backend in backends:
        if api_id in backend.apis:
            backend.get_stage(api_id, name).route_settings.pop(key, None)
    return 204, {}, ""


def tags_of_parts(request, full_url, _headers):
    """By its own way, for the same reason: `…/apis/ID/stages/NAME`, `…/domainnames/NAME`."""
    url = urlparse(full_url)
    *_, owner, kind, name = unquote(url.path).split("/")
    for backend in (backend for regions in apigatewayv2_backends.values() for backend in regions.values()):
        parts = backend.domain_names
        if kind == "stages":
            parts = backend.apis[owner].stages if owner in backend.apis else {}
        if name in parts:
            return changed_tags(parts[name], request, parse_qs(url.query).get("tagKeys", []))
    return 404, {}, json.dumps({"message": f"No {kind} {name}"})


def changed_tags(part, request, gone):
    tags = part.tags or {}
    if request.method == "POST":
        part.tags = {**tags, **json.loads(request.data)["tags"]}
    elif request.method == "DELETE":
        part.tags = {key: value for key, value in tags.items() if key not in gone}
    return 200, {}, json.dumps({"tags": part.tags or {}})


def complete_api_gateway():
    ApiGatewayV2Response.update_stage = update_stage
    ApiGatewayV2Response.update_domain_name = update_domain_name
    route_settings = "{0}/v2/apis/(?P<api_id>[^/]+)/stages/(?P<stage_name>[^/]+)/routesettings/(?P<key>.+)$"
    urls.url_paths[route_settings] = delete_route_settings
    for kind in ("stages", "domainnames"):
        urls.url_paths[f"{{0}}/v2/tags/(?P<arn>.+)/{kind}/(?P<name>[^/]+)$"] = tags_of_parts
