# Copyright (c) 2026, the storefleet.commerce authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A stand-in for AWX's REST API on the loopback interface: it keeps what it is given, and says what was changed.

Knows no fields: whatever is created is an object of its collection, and lists of others are related to it.
"""

from __future__ import annotations

import json
import re
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qsl, urlsplit

# What other objects are related to one by lists.
RELATED = ("credentials", "always_nodes", "success_nodes", "failure_nodes", "instance_groups", "labels")
TEMPLATES = ("job_templates", "workflow_job_templates", "workflow_approval_templates", "projects", "inventory_sources")
Object = dict[str, Any]


class Controller:
    """objects: those of each collection, by their numbers. writes: each request that changes something."""

    def __init__(self):
        self.objects: dict[str, dict[int, Object]] = {}
        self.surveys: dict[str, Object] = {}
        self.writes: list[str] = []
        self._number = 0
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), _handler(self))
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.05,))

    def __enter__(self) -> Controller:
        self._thread.start()
        self.create("organizations", {"name": "Default"})
        self.create("credentials", {"name": "Commerce: stores"})
        self.writes.clear()
        return self

    def __exit__(self, *_) -> None:
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self._server.server_port}"

    def all(self, collection: str) -> list[Object]:
        """The objects of a collection, in the order in which they were made."""
        return list(self.objects.get(collection, {}).values())

    def named(self, collection: str) -> dict[str, Object]:
        """The same by their names."""
        return {found["name"]: found for found in self.all(collection)}

    def create(self, collection: str, fields: Object) -> Object:
        """A new object, with its number and the addresses of what is related to it."""
        self._number += 1
        made = {**fields, "id": self._number, "type": collection.removesuffix("s"), "summary_fields": {}}
        made["scm_revision"] = ""
        made["url"] = f"/api/v2/{collection}/{self._number}/"
        made["related"] = {name: f"{made['url']}{name}/" for name in (*RELATED, "survey_spec")}
        made.update({name: [] for name in RELATED})
        self.objects.setdefault(collection, {})[self._number] = made
        return made

    def answer(self, method: str, path: str, query: dict[str, str], fields: Object) -> tuple[int, Any]:
        """The status and the content for a request."""
        if method != "GET":
            self.writes.append(f"{method} {path}")
        collection, number, relation = re.fullmatch(r"/api/v2/([a-z_]+)/(?:(\d+)/)?(?:([a-z_]+)/)?", path).groups()
        if collection in ("ping", "config"):
            return 200, {"version": "24.6.1"}
        if number is None:
            return (
                (201, self.create(collection, fields))
                if method == "POST"
                else (200, _listed(self._found(collection, query)))
            )
        one = self.objects[collection][int(number)]
        if relation == "survey_spec":
            return self._survey(method, path, fields)
        if relation == "create_approval_template":
            made = self.create("workflow_approval_templates", fields)
            one["unified_job_template"] = made["id"]
            one["related"]["unified_job_template"] = made["url"]
            return 201, made
        if relation:
            return self._relation(method, one, relation, fields)
        if method == "PATCH":
            one.update(fields)
        return 200, one

    def _survey(self, method, path, fields):
        if method == "POST":
            self.surveys[path] = fields
        elif method == "DELETE":
            self.surveys.pop(path, None)
        return 200, self.surveys.get(path, {})

    def _relation(self, method, one, relation, fields):
        if method == "GET":
            return 200, _listed([{"id": number} for number in one[relation]])
        if fields.get("disassociate"):
            one[relation].remove(fields["id"])
        else:
            one[relation].append(fields["id"])
        return 204, None

    def _found(self, collection, query):
        kinds = TEMPLATES if collection == "unified_job_templates" else (collection,)
        either = {key.removeprefix("or__"): value for key, value in query.items() if key.startswith("or__")}
        every = {
            key: value for key, value in query.items() if not key.startswith("or__") and not key.startswith("page")
        }
        for one in (one for kind in kinds for one in self.all(kind)):
            if all(str(one.get(key)) == value for key, value in every.items()) and (
                not either or any(str(one.get(key)) == value for key, value in either.items())
            ):
                yield one


def _listed(found):
    found = list(found)
    return {"count": len(found), "next": None, "previous": None, "results": found}


def _handler(controller: Controller):
    class Handler(BaseHTTPRequestHandler):
        def _answer(self):
            asked = urlsplit(self.path)
            sent = self.rfile.read(int(self.headers.get("Content-Length") or 0))
            status, content = controller.answer(
                self.command, asked.path, dict(parse_qsl(asked.query)), json.loads(sent or "{}")
            )
            text = b"" if content is None else json.dumps(content).encode()
            self.send_response(status)
            self.send_header("Content-Type", "application/json")
            self.send_header("X-API-Product-Name", "AWX")
            self.send_header("X-API-Product-Version", "24.6.1")
            self.send_header("Content-Length", str(len(text)))
            self.end_headers()
            self.wfile.write(text)

        do_GET = do_POST = do_PATCH = do_DELETE = _answer

        def log_message(self, *_):
            """Says nothing."""

    return Handler
