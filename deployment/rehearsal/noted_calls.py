"""Notes each call that moto gets, a line of JSON: who made it, by the access key, and what a policy would be asked.

roles/noted-call.ts reads it.
"""

import io
import json
import re
import threading
from urllib.parse import parse_qsl

from moto.moto_server.werkzeug_app import DomainDispatcherApplication

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


def note(environ, file):
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
    with noting, open(file, "a", encoding="utf-8") as calls:
        calls.write(json.dumps(call) + "\n")


def note_calls(file):
    answer = DomainDispatcherApplication.__call__

    def noted(application, environ, start_response):
        note(environ, file)
        return answer(application, environ, start_response)

    DomainDispatcherApplication.__call__ = noted
