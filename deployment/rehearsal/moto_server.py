"""moto's own server, with nine things put right.

moto 5 takes SetQueueAttributes and then differs from SQS:
  * RedriveAllowPolicy is never returned, so the AWS provider waits three minutes for it and gives up;
  * a call that does not name Policy removes the policy that is there;
  * RedrivePolicy comes back with other white space, so the next plan wants to change it;
  * a queue can have a key and SQS's own encryption at once, of which SQS has one.
It knows no PutFunctionRecursionConfig, by which a function may take part in a loop.
It takes CreateDomainName and never says that the name is there, so the AWS provider waits and gives up,
and it answers mutual TLS of nobody where there is none;
and it takes what follows the last slash for a bus's name, where a partner's has several.
What its API Gateway lacks stands in moto_api_gateway.py, and what it forgets of functions
and tables in moto_lambda.py and moto_dynamodb.py.
It knows no AssociateKmsKey, by which a log group gets another key.
It denies what a bucket's policy denies, whatever the condition: here all comes without TLS, and nothing got in.

Where CALLS_FILE names a file, each call is noted there (noted_calls.py).
The arguments are moto_server's. Ends when its standard input closes: it never outlives who started it.
"""

import json
import os
import sys
import threading

from moto.apigatewayv2.models import DomainName
from moto.awslambda import urls as lambda_urls
from moto.awslambda.responses import LambdaResponse
from moto.events.models import EventsBackend
from moto.iam.access_control import PermissionResult
from moto.logs.responses import LogsResponse
from moto.s3.models import FakeBucket
from moto.server import main
from moto.sqs.models import Queue
from moto_api_gateway import complete_api_gateway
from moto_dynamodb import complete_dynamodb
from moto_lambda import complete_lambda
from noted_calls import note_calls

moto_set_attributes = Queue._set_attributes
moto_attributes = Queue.attributes.fget
moto_domain_name = DomainName.to_json


def set_attributes(queue, attributes, now=None):
    policy = getattr(queue, "policy", None)
    moto_set_attributes(queue, attributes, now)
    if "Policy" not in attributes:
        queue.policy = policy
    if attributes.get("KmsMasterKeyId"):
        queue.sqs_managed_sse_enabled = "false"
    elif attributes.get("SqsManagedSseEnabled") == "true":
        queue.kms_master_key_id = None


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
    if not found["mutualTlsAuthentication"]:
        del found["mutualTlsAuthentication"]
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


def bucket_permission(bucket, action, resource):
    return PermissionResult.NEUTRAL


def set_log_group_key(response):
    name = response._get_param("logGroupName")
    response.logs_backend.groups[name].kms_key_id = response._get_param("kmsKeyId")
    return ""


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
EventsBackend.list_tags_for_resource = list_tags
EventsBackend._normalize_event_bus_arn = bus_name
LogsResponse.associate_kms_key = set_log_group_key
LogsResponse.disassociate_kms_key = set_log_group_key
FakeBucket.get_permission = bucket_permission

complete_api_gateway()
complete_lambda()
complete_dynamodb()
if "CALLS_FILE" in os.environ:
    note_calls(os.environ["CALLS_FILE"])
threading.Thread(target=end_with_parent, daemon=True).start()
main(sys.argv[1:])
