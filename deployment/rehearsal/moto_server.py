"""moto's own server, with six things put right.

moto 5 takes SetQueueAttributes and then differs from SQS:
  * RedriveAllowPolicy is never returned, so the AWS provider waits three minutes for it and gives up;
  * a call that does not name Policy removes the policy that is there;
  * RedrivePolicy comes back with other white space, so the next plan wants to change it.
It knows no PutFunctionRecursionConfig, by which a function may take part in a loop.
It takes CreateDomainName and never says that the name is there, so the AWS provider waits and gives up;
and it takes what follows the last slash for a bus's name, where a partner's has several.

Where CALLS_FILE names a file, each call is noted there, a line of JSON: who made it, by the access key, and what a
policy would be asked. See calls.ts, which reads it.
The arguments are moto_server's. Ends when its standard input closes: it never outlives who started it.
"""

import io
import json
import os
import re
import sys
import threading
from urllib.parse import parse_qsl

from moto.apigatewayv2.models import DomainName
from moto.awslambda import urls as lambda_urls
from moto.awslambda.responses import LambdaResponse
from moto.events.models import EventsBackend
from moto.moto_server.werkzeug_app import DomainDispatcherApplication
from moto.server import main
from moto.sqs.models import Queue

moto_set_attributes = Queue._set_attributes
moto_attributes = Queue.attributes.fget
moto_domain_name = DomainName.to_json


def set_attributes(queue, attributes, now=None):
    policy = getattr(queue, "policy", None)
    moto_set_attributes(queue, attributes, now)
    if "Policy" not in attributes:
        queue.policy = policy


def attributes(queue):
    found = moto_attributes(queue)
    if queue.redrive_policy:
        found["RedrivePolicy"] = json.dumps(queue.redrive_policy, separators=(",", ":"))
    return found


def domain_name(domain):
    found = moto_domain_name(domain)
    there = {
        "apiGatewayDomainName": "d-rehearsal.execute-api.amazonaws.com",
        "domainNameStatus": "AVAILABLE",
        "hostedZoneId": "Z0REHEARSAL",
    }
    configurations = found["domainNameConfigurations"] or []
    return {**found, "domainNameConfigurations": [{**each, **there} for each in configurations]}


def recursion_config(response, given=None):
    name = response.path.split("/")[-2]
    function = response.backend.get_function(name)
    if given is not None:
        function.recursive_loop = given
    return json.dumps({"RecursiveLoop": getattr(function, "recursive_loop", "Terminate")})


def put_recursion_config(response):
    return recursion_config(response, response.json_body["RecursiveLoop"])


def list_tags(events, arn):
    return events.tagger.list_tags_for_resource(arn)


def bus_name(events, name_or_arn):
    return (name_or_arn or "default").split(":event-bus/")[-1]


LONGEST_NOTED = 2048
SCOPE = re.compile(r"Credential=([^/]+)/\d+/([^/]+)/([^/]+)/aws4_request")
noting = threading.Lock()


def parameters(environ, service):
    """What a call says of itself in its body: what is text, and short. An object's bytes are left alone."""
    length = int(environ.get("CONTENT_LENGTH") or 0)
    if service == "s3" or length == 0:
        return {}
    body = environ["wsgi.input"].read(length)
    environ["wsgi.input"] = io.BytesIO(body)
    try:
        text = body.decode("utf-8")
        given = json.loads(text) if text.startswith("{") else dict(parse_qsl(text))
    except ValueError:
        return {}
    return {name: value for name, value in given.items() if isinstance(value, str) and len(value) < LONGEST_NOTED}


def note(environ):
    scope = SCOPE.search(environ.get("HTTP_AUTHORIZATION", ""))
    if scope is None:
        return
    access_key, region, service = scope.groups()
    call = {
        "accessKey": access_key,
        "region": region,
        "service": service,
        "method": environ["REQUEST_METHOD"],
        "url": environ.get("RAW_URI") or environ["REQUEST_URI"],
        "target": environ.get("HTTP_X_AMZ_TARGET", ""),
        "parameters": parameters(environ, service),
    }
    with noting, open(os.environ["CALLS_FILE"], "a", encoding="utf-8") as calls:
        calls.write(json.dumps(call) + "\n")


def noted(application, environ, start_response):
    note(environ)
    return moto_application(application, environ, start_response)


def end_with_parent():
    sys.stdin.buffer.read()
    os._exit(0)


Queue.redrive_allow_policy = None
Queue.BASE_ATTRIBUTES = [*Queue.BASE_ATTRIBUTES, "RedriveAllowPolicy"]
Queue._set_attributes = set_attributes
Queue.attributes = property(attributes)
DomainName.to_json = domain_name
LambdaResponse.get_function_recursion_config = recursion_config
LambdaResponse.put_function_recursion_config = put_recursion_config
lambda_urls.url_paths["{0}/(?P<api_version>[^/]+)/functions/(?P<function_name>[^/]+)/recursion-config$"] = (
    LambdaResponse.dispatch
)
if "CALLS_FILE" in os.environ:
    moto_application = DomainDispatcherApplication.__call__
    DomainDispatcherApplication.__call__ = noted
EventsBackend.list_tags_for_resource = list_tags
EventsBackend._normalize_event_bus_arn = bus_name

threading.Thread(target=end_with_parent, daemon=True).start()
main(sys.argv[1:])
