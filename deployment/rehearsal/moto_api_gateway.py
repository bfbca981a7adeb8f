"""What moto's API Gateway lacks and a changed stack needs: UpdateStage, DeleteRouteSettings and UpdateDomainName."""

import json
from urllib.parse import unquote, urlparse

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
DOMAIN_ATTRIBUTES = {
    "domainNameConfigurations": "domain_name_configurations",
    "mutualTlsAuthentication": "mutual_tls_authentication",
}


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
    if not (domain.mutual_tls_authentication or {}).get("truststoreUri"):
        domain.mutual_tls_authentication = {}
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


def complete_api_gateway():
    ApiGatewayV2Response.update_stage = update_stage
    ApiGatewayV2Response.update_domain_name = update_domain_name
    route_settings = "{0}/v2/apis/(?P<api_id>[^/]+)/stages/(?P<stage_name>[^/]+)/routesettings/(?P<key>.+)$"
    urls.url_paths[route_settings] = delete_route_settings
