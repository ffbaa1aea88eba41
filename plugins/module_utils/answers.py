# Copyright (c) 2026, the storefleet.commerce authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the answers of the three token APIs mean: pure, from an HTTP answer to a state and a reason."""

from __future__ import annotations

import json
import re
from typing import NamedTuple, Optional
from xml.etree import ElementTree

GRANTED = "granted"
REFUSED = "refused"
BROKEN = "broken"
CLOSED = "closed"
NOT_TESTABLE = "not_testable"

# Reasons that others look at.
BY_SERVER = "closed_by_server"
BAD_REQUEST = "bad_request"
WRONG_NAMESPACE = "wrong_namespace"

SOAP_ENVELOPE = "http://www.w3.org/2003/05/soap-envelope"
SOAP_11_ENVELOPE = "http://schemas.xmlsoap.org/soap/envelope/"

# What a web server, not Commerce, says of an address that it keeps closed.
CLOSED_STATUSES = (403, 404, 405, 410, 501)

# Words of Commerce and of PHP that stand in an error that is no refusal.
BROKEN_WORDS = (
    "Type Error occurred",
    "Internal Error",
    "Internal server error",
    "error processing your request",
    "SOAP-ERROR",
)

# Words of Commerce for an API that it does not have.
NO_ROUTE_WORDS = (
    "Request does not match any route",
    "Cannot query field",
    "Requested service is not available",
)

# What stands, in lower case, in the pages by which something in front of Commerce keeps programs out.
CHALLENGE_WORDS = (
    "just a moment...",
    "challenge-platform",
    "cf-browser-verification",
    "cf-error-details",
    "attention required! | cloudflare",
    "incapsula",
    "captcha-delivery",
    "px-captcha",
    "awswaf",
    "sucuri website firewall",
    "mod_security",
    "modsecurity",
    "the requested url was rejected",
    "errors.edgesuite.net",
)

# A message of PHP before an answer (display_errors), as text or as HTML.
_PHP_MESSAGE = re.compile(
    r"\A(?:\s*(?:<br />\s*)?(?:<b>)?(?:PHP )?(?:Warning|Notice|Deprecated)(?:</b>)?:"
    r".*?\bon line (?:<b>)?\d+(?:</b>)?(?:<br />)?)+",
    re.DOTALL,
)
_PHP_FATAL = re.compile(r"(?:Fatal|Parse) error(?:</b>)?:")
_PROCEDURE = re.compile(r"Procedure '[^']*' not present")


class Answer(NamedTuple):
    """An answer to a login: its state, why in snake_case, the HTTP status, and the other side's words, cut short."""

    state: str
    reason: str
    status: Optional[int] = None
    detail: Optional[str] = None


def judge_rest(answer) -> Answer:
    """What an answer (http_node.HttpAnswer) of the REST endpoint means."""
    data = _json(answer.body)
    if answer.status == 200 and isinstance(data, str) and data:
        return Answer(GRANTED, "granted", 200)
    message = data.get("message") if isinstance(data, dict) else None
    if not isinstance(message, str) or answer.asks_for_login:
        return _judge_foreign(answer)
    if answer.status == 401:
        return Answer(REFUSED, "refused", 401)
    return _judge_message(answer, _filled(message, data.get("parameters")))


def judge_graphql(answer) -> Answer:
    """What an answer of the GraphQL endpoint means. A token beside errors is a token."""
    data = _json(answer.body)
    if not isinstance(data, dict) or not ("data" in data or "errors" in data):
        return _judge_foreign(answer)
    token = _at(data, "data", "generateCustomerToken", "token")
    if isinstance(token, str) and token:
        return Answer(GRANTED, "granted", answer.status)
    errors = data.get("errors") or [{}]
    first = errors[0] if isinstance(errors, list) and isinstance(errors[0], dict) else {}
    if _at(first, "extensions", "category") == "graphql-authentication":
        return Answer(REFUSED, "refused", answer.status)
    return _judge_message(answer, str(first.get("message", "")))


def judge_soap(answer) -> Answer:
    """What an answer of the SOAP endpoint means: refusals and breakage come as faults, with status 200 too."""
    try:
        envelope = ElementTree.fromstring(_plain(answer.body).encode("utf-8"))
    except ElementTree.ParseError:
        return _judge_foreign(answer)
    space = "{" + SOAP_ENVELOPE + "}"
    if envelope.tag == "{" + SOAP_11_ENVELOPE + "}Envelope":
        return _judge_fault_11(answer, envelope)
    if envelope.tag != space + "Envelope":
        return _judge_foreign(answer)
    fault = envelope.find("{0}Body/{0}Fault".format(space))
    if fault is None:
        result = envelope.find(".//result")
        if result is not None and result.text:
            return Answer(GRANTED, "granted", answer.status)
        return Answer(NOT_TESTABLE, "unexpected_answer", answer.status, "a SOAP answer without a result")
    parameters = {part[0].text: part[1].text for part in fault.iter() if part.tag.endswith("}GenericFaultParameter")}
    message = _filled(fault.findtext("{0}Reason/{0}Text".format(space)) or "", parameters)
    code = fault.findtext("{0}Code/{0}Value".format(space)) or ""
    judged = _judge_message(answer, message)
    if judged.reason != "unexpected_answer":
        return judged
    if code.endswith("Receiver"):
        return Answer(BROKEN, "server_error", answer.status, _short(message))
    # A refusal is the sender's fault and has no parameters; its words come in the store's language.
    if code.endswith("Sender") and fault.find(space + "Detail") is None:
        return Answer(REFUSED, "refused", answer.status)
    return judged


def _judge_fault_11(answer, envelope):
    """A fault in SOAP 1.1: Commerce speaks 1.2, so it comes of PHP before Commerce, or of something else."""
    fault = envelope.find("{{{0}}}Body/{{{0}}}Fault".format(SOAP_11_ENVELOPE))
    if fault is None:
        return Answer(NOT_TESTABLE, "unexpected_answer", answer.status, "an answer in SOAP 1.1")
    message = fault.findtext("faultstring") or ""
    judged = _judge_message(answer, message)
    if judged.reason not in ("unexpected_answer", "server_error"):
        return judged
    # Every fault of 1.1 has status 500, so its code tells whose it is.
    if (fault.findtext("faultcode") or "").endswith(("Server", "WSDL")):
        return Answer(BROKEN, "server_error", answer.status, _short(message))
    return Answer(NOT_TESTABLE, "unexpected_answer", answer.status, _short(message))


def _judge_message(answer, message):
    """An error that Commerce itself told, other than a refusal."""
    status = answer.status
    told = _short(message)
    if "recaptcha" in message.lower():
        return Answer(NOT_TESTABLE, "recaptcha", status, told)
    if "SOAP extension is not loaded" in message:
        return Answer(CLOSED, "no_soap_extension", status, told)
    if any(words in message for words in BROKEN_WORDS):
        return Answer(BROKEN, "error", status, told)
    if any(words in message for words in NO_ROUTE_WORDS):
        return Answer(CLOSED, "no_route", status, told)
    if _PROCEDURE.search(message):
        return Answer(NOT_TESTABLE, WRONG_NAMESPACE, status, told)
    if status in (429, 503, 504) or status >= 520:
        return _judge_gate(answer)
    if status >= 500:
        return Answer(BROKEN, "server_error", status, told)
    return Answer(NOT_TESTABLE, "unexpected_answer", status, told)


def _judge_gate(answer):
    """An answer by which something between us and Commerce says: not now. It says nothing of the counter."""
    if answer.status == 429:
        wait = "retry after {0}".format(_short(answer.retry_after)) if answer.retry_after else None
        return Answer(NOT_TESTABLE, "rate_limited", 429, wait)
    if answer.status == 504:
        return Answer(NOT_TESTABLE, "gateway_timeout", 504, "a proxy before PHP waited in vain")
    # Commerce's own page; Apache's has the second words, nginx's the first.
    if all(words in answer.body for words in ("Service Temporarily Unavailable", "maintenance downtime")):
        return Answer(NOT_TESTABLE, "maintenance", answer.status, "Commerce says that it is under maintenance")
    return Answer(NOT_TESTABLE, "service_unavailable", answer.status, "a proxy has no web server to ask, or no room")


def _judge_foreign(answer):
    """An answer that is not of the form that the API gives: another server's, a page, or a redirect."""
    status = answer.status
    page = answer.body.lower()
    if 300 <= status < 400:
        return Answer(NOT_TESTABLE, "redirected", status, "redirected to {0}".format(answer.location or "nowhere"))
    if any(words in page for words in CHALLENGE_WORDS):
        return Answer(NOT_TESTABLE, "challenged", status, "something before Commerce keeps programs out")
    if "SOAP extension is not loaded" in answer.body:
        return Answer(CLOSED, "no_soap_extension", status)
    if any(words in answer.body for words in BROKEN_WORDS) or _PHP_FATAL.search(answer.body):
        return Answer(BROKEN, "error", status)
    if status == 400:
        return _judge_bad_request(page)
    if status == 401 and answer.asks_for_login:
        return Answer(
            NOT_TESTABLE,
            "login_before_the_store",
            401,
            "the web server wants a login of its own: url_username, url_password",
        )
    if status in CLOSED_STATUSES:
        # Commerce's own page that there is no such page: a module that has the API is not there.
        return Answer(CLOSED, "no_route" if "text/x-magento-init" in page else BY_SERVER, status)
    if status in (429, 503, 504) or status >= 520:
        return _judge_gate(answer)
    if status == 502:
        return Answer(BROKEN, "bad_gateway", 502, "the web server gets no answer of PHP")
    if status >= 500:
        return Answer(BROKEN, "server_error", status)
    if not answer.body.strip():
        return Answer(NOT_TESTABLE, "empty_answer", status, "an answer without a body")
    if status == 200 and "<html" in page:
        return Answer(NOT_TESTABLE, "page_instead", status, "a page in place of the API's answer")
    return Answer(NOT_TESTABLE, "unexpected_answer", status, answer.media_type or None)


def _judge_bad_request(page):
    """A 400 that Commerce did not give. These two are nginx's and Apache's words."""
    if "plain http request was sent to https port" in page or "speaking plain http to an ssl-enabled" in page:
        return Answer(NOT_TESTABLE, "https_port", 400, "the port speaks TLS, and was asked in plain HTTP")
    if "no required ssl certificate was sent" in page or "ssl certificate error" in page:
        return Answer(NOT_TESTABLE, "client_certificate", 400, "the listener wants a client certificate")
    return Answer(NOT_TESTABLE, BAD_REQUEST, 400, "the web server took the request for a bad one")


def _filled(message, parameters):
    """A message with its parameters in place, where these have names."""
    for name, value in parameters.items() if isinstance(parameters, dict) else ():
        message = message.replace("%" + str(name), str(value))
    return message


def _plain(text):
    """An answer's body without what PHP and editors leave before it. Commerce did what it was asked all the same."""
    return _PHP_MESSAGE.sub("", text.lstrip("\ufeff")).lstrip("\ufeff \t\r\n").rstrip()


def _json(text):
    try:
        return json.loads(_plain(text))
    except ValueError:
        return None


def _at(data, *keys):
    for key in keys:
        data = data.get(key) if isinstance(data, dict) else None
    return data


def _short(text):
    """One line of somebody else's words."""
    return " ".join(text.split())[:200]
