"""moto's own server, with what it forgets of a queue and of a function kept.

moto 5 takes these calls as AWS does, and then answers otherwise:
  * RedriveAllowPolicy is never returned, so the AWS provider waits three minutes for it and gives up;
  * SetQueueAttributes without Policy removes the policy that is there;
  * RedrivePolicy comes back with other white space, so the next plan wants to change it;
  * a function's LoggingConfig is never returned, so the next plan wants to set it again.
The arguments are moto_server's. Ends when its standard input closes: it never outlives who started it.
"""

import json
import os
import sys
import threading

from moto.awslambda.models import LambdaFunction
from moto.server import main
from moto.sqs.models import Queue

moto_set_attributes = Queue._set_attributes
moto_attributes = Queue.attributes.fget
moto_init = LambdaFunction.__init__
moto_get_configuration = LambdaFunction.get_configuration
moto_update_configuration = LambdaFunction.update_configuration


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


def init(function, account_id, spec, *args, **kwargs):
    function.logging_config = spec.get("LoggingConfig")
    moto_init(function, account_id, spec, *args, **kwargs)


def get_configuration(function, on_create=False):
    found = moto_get_configuration(function, on_create)
    if function.logging_config:
        found["LoggingConfig"] = function.logging_config
    return found


def update_configuration(function, config_updates):
    function.logging_config = config_updates.get("LoggingConfig", function.logging_config)
    return moto_update_configuration(function, config_updates)


def end_with_parent():
    sys.stdin.buffer.read()
    os._exit(0)


Queue.redrive_allow_policy = None
Queue.BASE_ATTRIBUTES = [*Queue.BASE_ATTRIBUTES, "RedriveAllowPolicy"]
Queue._set_attributes = set_attributes
Queue.attributes = property(attributes)
LambdaFunction.__init__ = init
LambdaFunction.get_configuration = get_configuration
LambdaFunction.update_configuration = update_configuration

threading.Thread(target=end_with_parent, daemon=True).start()
main(sys.argv[1:])
