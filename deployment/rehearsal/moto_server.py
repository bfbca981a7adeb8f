"""moto's own server, with three things put right about a queue's attributes.

moto 5 takes SetQueueAttributes and then differs from SQS:
  * RedriveAllowPolicy is never returned, so the AWS provider waits three minutes for it and gives up;
  * a call that does not name Policy removes the policy that is there;
  * RedrivePolicy comes back with other white space, so the next plan wants to change it.
The arguments are moto_server's. Ends when its standard input closes: it never outlives who started it.
"""

import json
import os
import sys
import threading

from moto.server import main
from moto.sqs.models import Queue

moto_set_attributes = Queue._set_attributes
moto_attributes = Queue.attributes.fget


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


def end_with_parent():
    sys.stdin.buffer.read()
    os._exit(0)


Queue.redrive_allow_policy = None
Queue.BASE_ATTRIBUTES = [*Queue.BASE_ATTRIBUTES, "RedriveAllowPolicy"]
Queue._set_attributes = set_attributes
Queue.attributes = property(attributes)

threading.Thread(target=end_with_parent, daemon=True).start()
main(sys.argv[1:])
