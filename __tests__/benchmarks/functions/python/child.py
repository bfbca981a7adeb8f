"""One execution environment of Python's runtime, as child.mjs is one of Node's.

child.py HANDLER INVOCATIONS COUNT
"""

import importlib.util
import json
import logging
import os
import resource
import sys
import time
import types

path, invocations, count = sys.argv[1:]
with open(invocations, encoding="utf-8") as file:
    given = [json.dumps(invocation) for invocation in json.load(file)]
many = int(count)

# As Lambda's runtime writes a line in its text format.
handler = logging.StreamHandler(sys.stdout)
handler.setFormatter(logging.Formatter("[%(levelname)s]\t%(asctime)s.%(msecs)dZ\tmeasured-measured-measured-measured-\t%(message)s", "%Y-%m-%dT%H:%M:%S"))
logging.getLogger().addHandler(handler)


def clock():
    usage = resource.getrusage(resource.RUSAGE_SELF)
    return {"cpu": (usage.ru_utime + usage.ru_stime) * 1000, "wall": time.perf_counter() * 1000}


at = clock()


def step():
    global at
    now = clock()
    took = {name: now[name] - at[name] for name in now}
    at = now
    return took


def tell(message):
    os.write(3, (json.dumps(message) + "\n").encode())


number = 0


def invoke():
    global number
    event = json.loads(given[number % len(given)])
    number += 1
    return json.loads(json.dumps(module.lambda_handler(event, context)))


context = types.SimpleNamespace(aws_request_id="measured", get_remaining_time_in_millis=lambda: 30_000)
spec = importlib.util.spec_from_file_location("index", path)
module = importlib.util.module_from_spec(spec)
spec.loader.exec_module(module)
result = {"load": step()}
result["answer"] = invoke()
result["first"] = step()
if many > 0:
    for _ in range(many // 4):
        invoke()
    sys.stdout.flush()
    tell({"steady": True})
    os.read(3, 1)
    step()
    for _ in range(many):
        invoke()
    took = step()
    result["warm"] = {name: took[name] / many for name in took}
    result["megabytes"] = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    sys.stdout.flush()
tell(result)
