# Copyright (c) 2026, the storefleet.commerce authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""One web node of a store over HTTP, by requests: pinned to its address, under the store's name, with every limit."""

from __future__ import annotations

import base64
import importlib
import os
import ssl
import sys
import types
from dataclasses import dataclass, field
from typing import Mapping, NamedTuple, Optional
from urllib.parse import urljoin, urlsplit

from . import http_failures
from .errors import CommerceError, MissingLibrary
from .http_address import address_of, offloader_headers
from .http_failures import CONNECT_SECONDS, TimeLimit, failure_of, time_limit

# For a whole answer. The first request after a reload or a cache clean has everything to build.
ANSWER_SECONDS = 60
# Bytes of an answer that are looked at. No API's answer to a login is near it.
ANSWER_SIZE = 1 << 20

CA_FILES = (
    "/etc/ssl/certs/ca-certificates.crt",
    "/etc/pki/tls/certs/ca-bundle.crt",
    "/etc/ssl/ca-bundle.pem",
    "/etc/ssl/cert.pem",
)

# Schemes by which something in front of Commerce asks for a login; Commerce's own APIs do not.
LOGIN_SCHEMES = ("basic", "digest", "negotiate", "ntlm")


class HttpAnswer(NamedTuple):
    """What came back over HTTP.

    media_type: in lower case, without parameters. location: where to, if redirected, without its query.
    asks_for_login: by HTTP itself. retry_after: as the header says it.
    """

    status: int
    media_type: str
    body: str
    location: Optional[str] = None
    asks_for_login: bool = False
    retry_after: Optional[str] = None


@dataclass(frozen=True)
class Access:
    """What a request needs besides an address.

    ca_path: a file with certificate authorities instead of the host's. offloader_header: as web/secure/offloader_header
    names it. url_username, url_password: for HTTP's own basic authentication. headers: to send along, checked_headers'.
    """

    validate_certs: bool = True
    ca_path: Optional[str] = None
    offloader_header: str = "X-Forwarded-Proto"
    url_username: Optional[str] = None
    url_password: Optional[str] = field(default=None, repr=False)
    headers: Mapping[str, str] = field(default_factory=dict, repr=False)


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

    base_url, connect_to: see http_address.address_of. Redirects are never followed: a login goes nowhere else.
    """

    def __init__(self, base_url, connect_to=None, access=None):
        access = access or Access()
        self._requests = load()
        self.address = address_of(base_url, connect_to)
        self._headers = dict(access.headers)
        if access.url_username is not None:
            pair = "{0}:{1}".format(access.url_username, access.url_password or "")
            self._headers["Authorization"] = "Basic " + base64.b64encode(pair.encode("utf-8")).decode("ascii")
        self._headers.update({"Host": self.address.authority, "User-Agent": "storefleet-commerce"})
        if self.address.offloaded:
            self._headers.update(offloader_headers(access.offloader_header))
        self._answered = False
        self._failure = None
        self._session = self._new_session(access)

    def close(self):
        """Close the kept connection."""
        self._session.close()

    def post(self, path: str, body: str, media_type: str, headers: Optional[Mapping[str, str]] = None) -> HttpAnswer:
        """POST to a path below the base URL. A node that cannot be reached raises CommerceError."""
        return self._ask("POST", path, dict(headers or {}, **{"Content-Type": media_type}), body.encode("utf-8"))

    def get(self, path: str) -> HttpAnswer:
        """GET a path below the base URL. A node that cannot be reached raises CommerceError."""
        return self._ask("GET", path, {}, None)

    def require_no_proxy_protocol(self) -> None:
        """Raise CommerceError proxy_protocol if the listener expects it; for one whose answer was a bad request."""
        if http_failures.expects_proxy_protocol(self.address):
            raise self._failed(http_failures.PROXY_PROTOCOL)

    def _ask(self, method, path, headers, body):
        if self._failure:
            raise self._failed(self._failure)
        exceptions = self._requests.exceptions
        try:
            with time_limit(ANSWER_SECONDS), self._session.request(
                method,
                self.address.url + path,
                data=body,
                headers=dict(self._headers, **headers),
                timeout=(CONNECT_SECONDS, ANSWER_SECONDS),
                allow_redirects=False,
                stream=True,
            ) as response:
                answer = self._read(response, path)
        except (TimeLimit, exceptions.Timeout) as error:
            # A node that takes no connection takes none for the next API either; a slow one may.
            if isinstance(error, exceptions.ConnectTimeout):
                self._failure = http_failures.TIMEOUT
            raise self._failed(http_failures.TIMEOUT) from None
        except exceptions.RequestException as error:
            raise self._failed(self._why(error)) from None
        finally:
            # Each request is somebody new's first.
            self._session.cookies.clear()
        self._answered = True
        return answer

    def _read(self, response, path):
        content = b""
        for part in response.iter_content(16384):
            content += part
            if len(content) > ANSWER_SIZE:
                break
        headers = response.headers
        return HttpAnswer(
            response.status_code,
            headers.get("Content-Type", "").partition(";")[0].strip().lower(),
            content[:ANSWER_SIZE].decode("utf-8", "replace"),
            _target(self.address.base_url + path, headers.get("Location")),
            headers.get("WWW-Authenticate", "").strip().lower().startswith(LOGIN_SCHEMES),
            headers.get("Retry-After"),
        )

    def _why(self, error):
        """Why a request failed; for one that never got an answer, that is so for those to come too."""
        failure = failure_of(error)
        if self._answered:
            return failure
        hung_up = failure in (http_failures.NO_ANSWER, http_failures.TLS)
        if hung_up and http_failures.expects_proxy_protocol(self.address):
            failure = http_failures.PROXY_PROTOCOL
        self._failure = failure
        return failure

    def _failed(self, failure):
        return CommerceError(
            "ask the store's API", self.address.url, failure.came_back, failure.next_step, code=failure.code
        )

    def _new_session(self, access):
        requests, scheme, name = self._requests, self.address.scheme, self.address.name

        class PinnedAdapter(requests.adapters.HTTPAdapter):
            """Connects to the node and speaks TLS to the store's name."""

            def init_poolmanager(self, *args, **options):
                if scheme == "https":
                    options["server_hostname"] = name
                    options["assert_hostname"] = name if access.validate_certs else False
                return super().init_poolmanager(*args, **options)

        if scheme == "https" and access.validate_certs and access.ca_path:
            _require_authorities(access.ca_path)
        session = requests.Session()
        # No proxy, no .netrc, no CA bundle of the environment: what is asked is this node and nothing else.
        session.trust_env = False
        # Even one that it does not follow, requests would work out and read to its end.
        session.get_redirect_target = lambda dummy: None
        session.headers["Accept-Encoding"] = "identity"
        session.verify = (access.ca_path or authorities() or True) if access.validate_certs else False
        if not access.validate_certs:
            requests.packages.urllib3.disable_warnings()
        session.mount(scheme + "://", PinnedAdapter())
        return session


def _target(asked, location):
    """Where a redirect leads to, without what may be a secret."""
    if location is None:
        return None
    try:
        target = urlsplit(urljoin(asked, location))
    except ValueError:
        return "an address that is none"
    return "{0}://{1}{2}".format(target.scheme, target.netloc.rpartition("@")[2], target.path)


def _require_authorities(path):
    """Refuse a file with authorities that cannot be used: what requests says of one names neither it nor the reason."""
    try:
        ssl.create_default_context(cafile=path)
    except OSError as error:
        raise CommerceError(
            "read the certificate authorities",
            path,
            "it holds no certificate" if isinstance(error, ssl.SSLError) else error.strerror or str(error),
            "Name a file in PEM format that the store's owner may read in commerce_ca_path.",
            code="bad_ca_path",
        ) from None
