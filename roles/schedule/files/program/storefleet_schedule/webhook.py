# Copyright (c) 2026, the storefleet.commerce authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Posts a message to a web address."""

from __future__ import annotations

import http.client
import json
import time
import urllib.error
import urllib.parse
import urllib.request
from typing import Any, Callable, Mapping

from .configuration import Webhook

# Seconds before the second attempt; twice as many before each further one.
FIRST_PAUSE = 2.0
# Answers after which the same request may do later.
PASSING = (408, 425, 429, 500, 502, 503, 504)


class NotPosted(Exception):
    """The message was not taken. The text names the host at most: the rest of an address may be a secret."""


def post(
    webhook: Webhook,
    content: Mapping[str, Any],
    attempts: int,
    timeout: float,
    sleep: Callable[[float], None] = time.sleep,
) -> None:
    """Post the content as JSON, or raise NotPosted. timeout: seconds for one attempt."""
    target = _target(webhook.url)
    for number in range(attempts):
        if number:
            sleep(FIRST_PAUSE * 2 ** (number - 1))
        try:
            with _opener().open(_request(webhook, content), timeout=timeout):
                return
        except urllib.error.HTTPError as error:
            problem = "it answered with status {0}".format(error.code)
            error.close()
            if error.code not in PASSING:
                raise NotPosted(_sentence(target, number + 1, problem)) from None
        except urllib.error.URLError as error:
            problem = str(error.reason)
        except (OSError, http.client.HTTPException) as error:
            problem = str(error) or type(error).__name__
    raise NotPosted(_sentence(target, attempts, problem))


def _target(url):
    """The scheme and the host of an address, without a user's name and password."""
    try:
        parts = urllib.parse.urlsplit(url)
        host, port = parts.hostname, parts.port
    except ValueError:
        host = None
    if not host or parts.scheme not in ("http", "https"):
        raise NotPosted("The address of the webhook is none: it has to be https://… or http://….")
    return "{0}://{1}{2}".format(parts.scheme, host, ":{0}".format(port) if port else "")


def _opener():
    """Follows no redirect: it would become a GET without the message, and take the token along to whoever is named."""
    opener = urllib.request.OpenerDirector()
    for handler in (
        urllib.request.ProxyHandler,
        urllib.request.HTTPHandler,
        urllib.request.HTTPSHandler,
        urllib.request.HTTPDefaultErrorHandler,
        urllib.request.HTTPErrorProcessor,
    ):
        opener.add_handler(handler())
    return opener


def _request(webhook, content):
    request = urllib.request.Request(webhook.url, json.dumps(content).encode("utf-8"), method="POST")
    request.add_header("Content-Type", "application/json")
    request.add_header("User-Agent", "storefleet-schedule")
    if webhook.token:
        # Not carried over to a proxy's own request.
        request.add_unredirected_header("Authorization", "Bearer {0}".format(webhook.token))
    return request


def _sentence(target, attempts, problem):
    return "The webhook at {0} did not take the message after {1} attempts: {2}.".format(target, attempts, problem)
