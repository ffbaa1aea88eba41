# Copyright (c) 2026, the storefleet.commerce authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Takes what is posted to port 8080 of loopback, a line for each request in the file of the argument.

The first request is answered with 503: whoever has something to say tries again.
"""

from __future__ import annotations

import json
import sys
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

requests = []


class Receiver(BaseHTTPRequestHandler):
    """Writes down what comes."""

    def do_POST(self):
        """See BaseHTTPRequestHandler."""
        body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        requests.append({"path": self.path, "authorization": self.headers["Authorization"], "body": body})
        Path(sys.argv[1]).write_text("".join(f"{json.dumps(request)}\n" for request in requests))
        self.send_response(503 if len(requests) == 1 else 204)
        self.end_headers()

    def log_message(self, *arguments):
        """Say nothing: the address is a secret."""


HTTPServer(("127.0.0.1", 8080), Receiver).serve_forever()
