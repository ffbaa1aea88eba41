# Copyright (c) 2026, the storefleet.commerce authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The three APIs that give a customer a token, asked on one node, and what their answers mean."""

from __future__ import annotations

import importlib
import json
import os
import ssl
import sys
import types
from dataclasses import dataclass
from typing import Mapping, Optional
from urllib.parse import quote, urlsplit
from xml.etree import ElementTree
from xml.sax.saxutils import escape

from .errors import CommerceError, MissingLibrary

GRANTED = "granted"
REFUSED = "refused"
BROKEN = "broken"
CLOSED = "closed"
NOT_TESTABLE = "not_testable"

CONNECT_SECONDS = 5
# The first request after a reload or a cache clean has everything to build.
ANSWER_SECONDS = 60

SOAP_SERVICE = "integrationCustomerTokenServiceV1"
SOAP_ENVELOPE = "http://www.w3.org/2003/05/soap-envelope"

CA_FILES = (
    "/etc/ssl/certs/ca-certificates.crt",
    "/etc/pki/tls/certs/ca-bundle.crt",
    "/etc/ssl/ca-bundle.pem",
    "/etc/ssl/cert.pem",
)

# What a web server, not Commerce, says of an address that it keeps closed.
CLOSED_STATUSES = (403, 404, 405, 410, 501)

# Words of Commerce and of PHP that stand in an error that is no refusal.
BROKEN_WORDS = ("Type Error occurred", "Internal Error", "Internal server error", "error processing your request")


@dataclass(frozen=True)
class HttpAnswer:
    """What came back over HTTP.

    media_type: in lower case, without parameters. location: where to, if redirected. asks_for_login: by HTTP itself.
    """

    status: int
    media_type: str
    body: str
    location: Optional[str] = None
    asks_for_login: bool = False


@dataclass(frozen=True)
class Answer:
    """An answer to a login: its state, why in snake_case, the HTTP status, and the other side's words, cut short."""

    state: str
    reason: str
    status: Optional[int] = None
    detail: Optional[str] = None


def load():
    """requests, imported now; a process that gave up root cannot import from root's temporary folders later."""
    _use_the_hosts_authorities()
    try:
        # requests imports it in the middle of a request, for host names that are not ASCII.
        importlib.import_module("idna")
        return importlib.import_module("requests")
    except ImportError as error:
        raise MissingLibrary("requests", sys.executable) from error


def authorities() -> Optional[str]:
    """The file with the certificate authorities that this host trusts."""
    known = (ssl.get_default_verify_paths().cafile,) + CA_FILES
    return next((path for path in known if path and os.path.isfile(path)), None)


def _use_the_hosts_authorities():
    """Give requests the host's own authorities where it lacks certifi.

    A certifi inside a zip would unpack its file into /tmp and leave it there.
    """
    try:
        importlib.import_module("certifi")
    except ImportError:
        stand_in = types.ModuleType("certifi")
        stand_in.where = lambda: authorities() or os.devnull
        sys.modules["certifi"] = stand_in


class Node:
    """One web node of a store: connections go there, whatever the store's name resolves to.

    base_url: the store's URL, scheme://host[:port]/path/. connect_to: [http|https://]host:port; None is this host, at
    the port of the base URL. offloader_header: its name, sent with the value "https" when an https store is asked in
    plain HTTP, as a proxy that ends TLS does.
    """

    def __init__(
        self, base_url, connect_to=None, validate_certs=True, ca_path=None, offloader_header="X-Forwarded-Proto"
    ):
        self._requests = load()
        wanted = _split(base_url, "the base URL", base_url)
        scheme, host, port = _connect_to(connect_to, wanted)
        self.base_url = base_url if base_url.endswith("/") else base_url + "/"
        self.url = "{0}://{1}:{2}{3}".format(
            scheme, "[{0}]".format(host) if ":" in host else host, port, urlsplit(self.base_url).path
        )
        self._headers = {
            "Host": wanted.netloc.rpartition("@")[2].encode("idna").decode("ascii"),
            "User-Agent": "storefleet-commerce",
        }
        if wanted.scheme == "https" and scheme == "http":
            self._headers[offloader_header] = "https"
        self._session = self._new_session(scheme, wanted.hostname, validate_certs, ca_path)

    def close(self):
        """Close the kept connection."""
        self._session.close()

    def post(self, path: str, body: str, media_type: str, headers: Optional[Mapping[str, str]] = None) -> HttpAnswer:
        """POST to a path below the base URL. A node that cannot be reached raises CommerceError."""
        return self._ask("POST", path, dict(headers or {}, **{"Content-Type": media_type}), body.encode("utf-8"))

    def get(self, path: str) -> HttpAnswer:
        """GET a path below the base URL. A node that cannot be reached raises CommerceError."""
        return self._ask("GET", path, {}, None)

    def _ask(self, method, path, headers, body):
        exceptions = self._requests.exceptions
        try:
            response = self._session.request(
                method,
                self.url + path,
                data=body,
                headers=dict(self._headers, **headers),
                timeout=(CONNECT_SECONDS, ANSWER_SECONDS),
                allow_redirects=False,
            )
        # The text of these errors quotes the request, so it is not passed on.
        except exceptions.SSLError:
            raise self._unreachable(
                "no valid certificate for {0}".format(self._headers["Host"]),
                "Renew it, name its authority in ca_path, or set commerce_validate_certs to false.",
                "certificate",
            ) from None
        except exceptions.Timeout:
            raise self._unreachable(
                "no answer in time", "Look at the node's load and at its php-fpm log.", "timeout"
            ) from None
        except exceptions.RequestException as error:
            raise self._unreachable(
                "no connection ({0})".format(type(error).__name__),
                "Check that the web server listens there, or set commerce_connect_to.",
                "unreachable",
            ) from None
        # Each request is somebody new's first.
        self._session.cookies.clear()
        return HttpAnswer(
            response.status_code,
            response.headers.get("Content-Type", "").partition(";")[0].strip().lower(),
            response.content.decode("utf-8", "replace"),
            response.headers.get("Location"),
            "WWW-Authenticate" in response.headers,
        )

    def _new_session(self, scheme, name, validate_certs, ca_path):
        requests = self._requests

        class PinnedAdapter(requests.adapters.HTTPAdapter):
            """Connects to the node and speaks TLS to the store's name."""

            def init_poolmanager(self, *args, **options):
                if scheme == "https":
                    options["server_hostname"] = name
                    options["assert_hostname"] = name if validate_certs else False
                return super().init_poolmanager(*args, **options)

        session = requests.Session()
        # No proxy, no .netrc, no CA bundle of the environment: what is asked is this node and nothing else.
        session.trust_env = False
        session.verify = (ca_path or authorities() or True) if validate_certs else False
        if not validate_certs:
            requests.packages.urllib3.disable_warnings()
        session.mount(scheme + "://", PinnedAdapter())
        return session

    def _unreachable(self, came_back, next_step, code):
        return CommerceError("ask the store's API", self.url, came_back, next_step, code=code)


def request(node: Node, api: str, email: str, password: str, store_code: Optional[str] = None) -> Answer:
    """Ask an API ("rest", "graphql" or "soap") for a customer's token; the token itself is thrown away."""
    try:
        return _APIS[api](node, email, password, store_code)
    except CommerceError as error:
        return Answer(NOT_TESTABLE, error.code, None, error.came_back)


def is_commerce(node: Node) -> bool:
    """Whether Commerce answers at all under the store's name on that node: by its version page, or by its home page."""
    try:
        return node.get("magento_version").body.startswith("Magento/") or "Magento_" in node.get("").body
    except CommerceError:
        return False


def _rest(node, email, password, store_code):
    path = "rest/{0}V1/integration/customer/token".format(quote(store_code) + "/" if store_code else "")
    body = json.dumps({"username": email, "password": password})
    return judge_rest(node.post(path, body, "application/json"))


def _graphql(node, email, password, store_code):
    mutation = (
        "mutation($email: String!, $password: String!)"
        " { generateCustomerToken(email: $email, password: $password) { token } }"
    )
    body = json.dumps({"query": mutation, "variables": {"email": email, "password": password}})
    return judge_graphql(node.post("graphql", body, "application/json", {"Store": store_code} if store_code else None))


def _soap(node, email, password, store_code):
    path = "soap/{0}?services={1}".format(quote(store_code or "default"), SOAP_SERVICE)
    # The namespace of the service is the store's own address, as its WSDL has it.
    body = (
        '<?xml version="1.0" encoding="UTF-8"?>'
        '<env:Envelope xmlns:env="{0}" xmlns:ns1="{1}"><env:Body><ns1:{2}CreateCustomerAccessTokenRequest>'
        "<username>{3}</username><password>{4}</password>"
        "</ns1:{2}CreateCustomerAccessTokenRequest></env:Body></env:Envelope>"
    ).format(
        SOAP_ENVELOPE, escape(node.base_url + path, {'"': "&quot;"}), SOAP_SERVICE, escape(email), escape(password)
    )
    media_type = 'application/soap+xml; charset=utf-8; action="{0}CreateCustomerAccessToken"'.format(SOAP_SERVICE)
    return judge_soap(node.post(path, body, media_type))


_APIS = {"rest": _rest, "graphql": _graphql, "soap": _soap}


def judge_rest(answer: HttpAnswer) -> Answer:
    """What an answer of the REST endpoint means."""
    data = _json(answer.body)
    if answer.status == 200 and isinstance(data, str):
        return Answer(GRANTED, "granted", 200)
    message = data.get("message") if isinstance(data, dict) else None
    if not isinstance(message, str):
        return _judge_foreign(answer)
    if answer.status == 401:
        return Answer(REFUSED, "refused", 401)
    return _judge_message(answer.status, _filled(message, data.get("parameters")))


def judge_graphql(answer: HttpAnswer) -> Answer:
    """What an answer of the GraphQL endpoint means."""
    data = _json(answer.body)
    if not isinstance(data, dict) or not ("data" in data or "errors" in data):
        return _judge_foreign(answer)
    token = _at(data, "data", "generateCustomerToken", "token")
    if isinstance(token, str) and token:
        return Answer(GRANTED, "granted", answer.status)
    errors = data.get("errors") or [{}]
    first = errors[0] if isinstance(errors[0], dict) else {}
    if _at(first, "extensions", "category") == "graphql-authentication":
        return Answer(REFUSED, "refused", answer.status)
    return _judge_message(answer.status, str(first.get("message", "")))


def judge_soap(answer: HttpAnswer) -> Answer:
    """What an answer of the SOAP endpoint means: refusals and breakage come as faults, with status 200 too."""
    try:
        envelope = ElementTree.fromstring(answer.body.strip().encode("utf-8"))
    except ElementTree.ParseError:
        return _judge_foreign(answer)
    space = "{" + SOAP_ENVELOPE + "}"
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
    judged = _judge_message(answer.status, message)
    if judged.reason != "unexpected_answer":
        return judged
    if code.endswith("Receiver"):
        return Answer(BROKEN, "server_error", answer.status, _short(message))
    # A refusal is the sender's fault and has no parameters; its words come in the store's language.
    if code.endswith("Sender") and fault.find(space + "Detail") is None:
        return Answer(REFUSED, "refused", answer.status)
    return judged


def _filled(message, parameters):
    """A message with its parameters in place, where these have names."""
    for name, value in parameters.items() if isinstance(parameters, dict) else ():
        message = message.replace("%" + name, str(value))
    return message


def _judge_message(status, message):
    """An error that Commerce itself told, other than a refusal."""
    lower = message.lower()
    if "recaptcha" in lower:
        return Answer(NOT_TESTABLE, "recaptcha", status, _short(message))
    if any(words in message for words in BROKEN_WORDS):
        return Answer(BROKEN, "error", status, _short(message))
    if "Request does not match any route" in message or "Cannot query field" in message:
        return Answer(CLOSED, "no_route", status, _short(message))
    if status == 429:
        return Answer(NOT_TESTABLE, "rate_limited", status)
    if status >= 500:
        return Answer(BROKEN, "server_error", status, _short(message))
    return Answer(NOT_TESTABLE, "unexpected_answer", status, _short(message))


def _judge_foreign(answer):
    """An answer that is not of the form that the API gives: another server's, a page, or a redirect."""
    status = answer.status
    if 300 <= status < 400:
        target = urlsplit(answer.location or "")
        return Answer(
            NOT_TESTABLE,
            "redirected",
            status,
            "to {0}://{1}".format(target.scheme, target.hostname) if target.hostname else None,
        )
    if status == 401:
        return Answer(NOT_TESTABLE, "login_before_the_store" if answer.asks_for_login else "unexpected_answer", status)
    if status == 429:
        return Answer(NOT_TESTABLE, "rate_limited", status)
    if status in CLOSED_STATUSES:
        return Answer(CLOSED, "closed_by_server", status)
    if any(words in answer.body for words in BROKEN_WORDS):
        return Answer(BROKEN, "error", status)
    if status == 503:
        # Commerce under maintenance, but also a proxy without a backend: both say nothing of the counter.
        return Answer(NOT_TESTABLE, "service_unavailable", status)
    if status >= 500:
        return Answer(BROKEN, "server_error", status)
    return Answer(NOT_TESTABLE, "unexpected_answer", status, answer.media_type or None)


def _split(url, what, on):
    parts = urlsplit(url)
    try:
        valid = parts.scheme in ("http", "https") and bool(parts.hostname) and (parts.port is None or parts.port > 0)
    except ValueError:
        valid = False
    if not valid:
        raise CommerceError(
            "read " + what,
            on,
            "it is not http://host/ or https://host/",
            "Correct it, with a scheme and a host.",
            code="bad_url",
        )
    return parts


def _connect_to(connect_to, wanted):
    """Scheme, host and port to connect to."""
    standard = {"http": 80, "https": 443}
    if not connect_to:
        return wanted.scheme, "127.0.0.1", wanted.port or standard[wanted.scheme]
    text = connect_to if "://" in connect_to else "{0}://{1}".format(wanted.scheme, connect_to)
    parts = _split(text, "commerce_connect_to", connect_to)
    return parts.scheme, parts.hostname, parts.port or standard[parts.scheme]


def _json(text):
    try:
        return json.loads(text)
    except ValueError:
        return None


def _at(data, *keys):
    for key in keys:
        data = data.get(key) if isinstance(data, dict) else None
    return data


def _short(text):
    """One line of somebody else's words."""
    return " ".join(text.split())[:200]
