"""An HTTP cache that caches nothing and writes down what it is told: python3 http-cache.py PORT FILE

A line for each request: method, path, and the value of X-Magento-Tags-Pattern, empty when it was not sent.
"""

import sys
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer


class Listener(BaseHTTPRequestHandler):
    """Answers everything with 200, as Varnish answers a PURGE that it takes."""

    def handle_one_request(self):
        self.raw_requestline = self.rfile.readline(65537)
        if not self.raw_requestline or not self.parse_request():
            self.close_connection = True
            return
        pattern = self.headers.get("X-Magento-Tags-Pattern", "")
        with open(sys.argv[2], "a", encoding="utf-8") as file:
            file.write(f"{self.command} {self.path} {pattern}".rstrip() + "\n")
        self.close_connection = True
        self.send_response(200)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, *arguments):
        """Says nothing on stderr."""


ThreadingHTTPServer(("127.0.0.1", int(sys.argv[1])), Listener).serve_forever()
