# Copyright (c) 2026, the storefleet.commerce authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""One request of a customer, on a connection of its own, and whether the whole answer came back as it should."""

from __future__ import annotations

import http.client
import json

from support.load_requests import KINDS, Answer, Kind, Request, Visit
from support.stores import HOST

# Longer than any answer takes that a customer would still wait for.
SECONDS_TO_ANSWER = 30


def ask(address: str, request: Request) -> Answer:
    """Sends one request to HOST:PORT and reads the whole answer.

    Raises OSError and http.client.HTTPException: no connection, one that ended early, half an answer, or none in time.
    """
    connection = http.client.HTTPConnection(address, timeout=SECONDS_TO_ANSWER)
    try:
        headers = {"Host": HOST, "Connection": "close", **request.headers}
        connection.request(request.method, request.path, request.body.encode() or None, headers)
        found = connection.getresponse()
        if not found.chunked and found.length is None:
            raise http.client.HTTPException("an answer without a length: nobody can tell whether it is whole")
        body = found.read()
    finally:
        connection.close()
    return Answer(
        found.status, {name.lower(): value for name, value in found.getheaders()}, body.decode("utf-8", "replace")
    )


def attempt(address: str, kind: Kind, visit: Visit) -> str | None:
    """Sends a request of that kind; says in short what was wrong with the answer, None if nothing was."""
    try:
        answer = ask(address, kind.request(visit))
    except (OSError, http.client.HTTPException) as error:
        return f"{type(error).__name__}: {error}"[:200]
    if kind.is_right(answer, visit):
        return None
    return f"status {answer.status}: {' '.join(answer.body.split())}"[:200]


def token_of(address: str, email: str) -> str:
    """A customer's token, for requests that need one."""
    login = next(kind for kind in KINDS if kind.name == "rest login")
    visit = Visit(email, "", "", "")
    answer = ask(address, login.request(visit))
    if not login.is_right(answer, visit):
        raise SystemExit(f"load: {email} cannot log in before the load begins: {answer.status} {answer.body[:200]}")
    return json.loads(answer.body)
