"""Posts events with PyPI's `cloudevents` SDK, with that SDK's own defaults, in all three modes, to a running service.

  python3 tools/cloudevents-sdk.py FOLDER           only installs the SDK, into a virtual environment at FOLDER
  python3 tools/cloudevents-sdk.py FOLDER SOCKET    posts: one line of JSON a request, with its mode, status and answer

Exits 3 where the SDK cannot be had, and says why on stderr.
"""

import http.client
import json
import os
import socket
import subprocess
import sys

from pypi import python_with

SDK = "cloudevents==2.2.0"


class Connection(http.client.HTTPConnection):
    """An HTTP connection over a Unix socket."""

    def __init__(self, path):
        super().__init__("docket")
        self.path = path

    def connect(self):
        self.sock = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        self.sock.connect(self.path)


def post(path, mode, headers, body):
    connection = Connection(path)
    connection.request("POST", "/v1/events", body, headers)
    answer = connection.getresponse()
    print(json.dumps({"mode": mode, "status": answer.status, "answer": json.loads(answer.read())}))
    connection.close()


def send(path):
    from cloudevents.core.bindings import http as binding
    from cloudevents.core.formats.json import JSONFormat
    from cloudevents.core.v1.event import CloudEvent

    def event(area, data=None, **more):
        attributes = {"type": "area.registered", "source": "/sdk", "subject": area, **more}
        return CloudEvent(attributes=attributes, data=data or {"area": area})

    def message(mode, one):
        made = binding.to_binary_event(one) if mode == "binary" else binding.to_structured_event(one)
        post(path, mode, made.headers, made.body)

    for mode in ("structured", "binary"):
        message(mode, event(f"{mode}-defaults"))
        message(mode, event(f"{mode}-type", datacontenttype="application/json"))
        message(mode, event(f"{mode}-charset", datacontenttype="application/json; charset=utf-8"))
        message(mode, event(f"{mode}-bytes", data=json.dumps({"area": f"{mode}-bytes"}).encode()))
        message(mode, event(f"{mode}-extension", partition="a b \"c\" 100 % é"))

    # The SDK has no batches of its own: they are its structured events in an array.
    batch = [json.loads(JSONFormat().write(event(f"batch-{number}"))) for number in range(3)]
    post(path, "batch", {"content-type": "application/cloudevents-batch+json"}, json.dumps(batch))


def main(arguments):
    if len(arguments) not in (1, 2):
        sys.exit(__doc__)
    folder = os.path.abspath(arguments[0])
    if sys.prefix == folder:
        return send(arguments[1])
    python = python_with(folder, [SDK], ["cloudevents.core.bindings.http"])
    if python is None:
        return 3
    if len(arguments) == 1:
        return 0
    return subprocess.run([python, os.path.abspath(__file__), folder, arguments[1]], check=False).returncode


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
