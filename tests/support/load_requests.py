# Copyright (c) 2026, the storefleet.commerce authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The requests of a store's customers, kind by kind, and what each has to be answered.

An answer is right only if its body says what it should: a broken store answers with status 200, too (GraphQL, SOAP),
and a page of another kind is no answer.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import NamedTuple
from urllib.parse import urlencode

from support.stores import GRAPHQL_LOGIN, HOST, PASSWORD, SOAP_LOGIN, SOAP_SERVICE

__all__ = ["KINDS", "SLOW", "SLOW_SECONDS", "Answer", "Kind", "Request", "Visit", "cycle"]

SLOW_SECONDS = 5
SIGN_IN_FAILED = (
    "The account sign-in was incorrect or your account is disabled temporarily. Please wait and try again later."
)
JWT = r"[\w-]+\.[\w-]+\.[\w-]+"
SOAP_PATH = f"/soap/default?services={SOAP_SERVICE}"
SOAP_NAMESPACE = f"http://{HOST}{SOAP_PATH}"
JSON = {"Content-Type": "application/json"}
FORM = {"Content-Type": "application/x-www-form-urlencoded"}
SOAP = {"Content-Type": "application/soap+xml; charset=utf-8"}


class Visit(NamedTuple):
    """One customer at the store's door. email: one whose password is PASSWORD; new_email: one that nobody has yet.

    member and token: a customer who is logged in already, and by what.
    """

    email: str
    new_email: str
    member: str
    token: str


class Request(NamedTuple):
    """As it is sent. path: with the query. body: UTF-8."""

    method: str
    path: str
    body: str = ""
    headers: Mapping[str, str] = {}


class Answer(NamedTuple):
    """As it came back, whole. headers: their names in lower case."""

    status: int
    headers: Mapping[str, str]
    body: str


class Kind(NamedTuple):
    """A kind of request, share of them in one round of the mix. is_right: whether an answer is what it should be."""

    name: str
    share: int
    request: Callable[[Visit], Request]
    is_right: Callable[[Answer, Visit], bool]


def _json(answer: Answer):
    """The answer's JSON; None where it is none."""
    try:
        return json.loads(answer.body)
    except ValueError:
        return None


def _rest_login(email: str, password: str) -> Request:
    body = json.dumps({"username": email, "password": password})
    return Request("POST", "/rest/default/V1/integration/customer/token", body, JSON)


def _graphql(
    query: str, variables: Mapping[str, str] | None = None, headers: Mapping[str, str] | None = None
) -> Request:
    body = json.dumps({"query": query, "variables": variables or {}})
    return Request("POST", "/graphql", body, {**JSON, **(headers or {})})


def _graphql_login(email: str, password: str) -> Request:
    return _graphql(GRAPHQL_LOGIN, {"email": email, "password": password})


def _soap_login(email: str, password: str) -> Request:
    body = SOAP_LOGIN.format(namespace=SOAP_NAMESPACE, email=email, password=password)
    return Request("POST", SOAP_PATH, body, SOAP)


def _storefront_login(email: str, password: str) -> Request:
    body = urlencode({"login[username]": email, "login[password]": password})
    return Request("POST", "/customer/account/loginPost", body, FORM)


def _creation(visit: Visit) -> Request:
    customer = {"email": visit.new_email, "firstname": "Ada", "lastname": "Byron"}
    body = json.dumps({"customer": customer, "password": PASSWORD})
    return Request("POST", "/rest/default/V1/customers", body, JSON)


def _account(visit: Visit) -> Request:
    return Request("GET", "/rest/V1/customers/me", headers=_bearer(visit))


def _bearer(visit: Visit) -> Mapping[str, str]:
    return {"Authorization": f"Bearer {visit.token}"}


def _is_rest_token(answer: Answer, _visit: Visit) -> bool:
    return answer.status == 200 and re.fullmatch(f'"{JWT}"', answer.body) is not None


def _is_rest_refusal(answer: Answer, _visit: Visit) -> bool:
    return answer.status == 401 and _json(answer) == {"message": SIGN_IN_FAILED}


def _is_graphql_token(answer: Answer, _visit: Visit) -> bool:
    whole = r'\{"data":\{"generateCustomerToken":\{"token":"' + JWT + r'"\}\}\}'
    return answer.status == 200 and re.fullmatch(whole, answer.body) is not None


def _is_graphql_refusal(answer: Answer, _visit: Visit) -> bool:
    found = _json(answer)
    if answer.status != 200 or not isinstance(found, dict) or found.get("data") != {"generateCustomerToken": None}:
        return False
    return [error.get("message") for error in found.get("errors", [])] == [SIGN_IN_FAILED]


def _is_soap(answer: Answer, content: str) -> bool:
    """Whether an envelope is complete and has that content."""
    ended = re.search(r"</env:Body>\s*</env:Envelope>\s*\Z", answer.body) is not None
    return answer.status == 200 and ended and re.search(content, answer.body) is not None


def _is_soap_token(answer: Answer, _visit: Visit) -> bool:
    return _is_soap(answer, f"<result>{JWT}</result>")


def _is_soap_refusal(answer: Answer, _visit: Visit) -> bool:
    return _is_soap(answer, r"<env:Text xml:lang=\"en\">" + re.escape(SIGN_IN_FAILED) + "</env:Text>")


def _is_signed_in(answer: Answer, _visit: Visit) -> bool:
    return answer.status == 302 and answer.headers.get("location", "").endswith("/customer/account/")


def _is_new_customer(answer: Answer, visit: Visit) -> bool:
    found = _json(answer)
    return answer.status == 200 and isinstance(found, dict) and found.get("email") == visit.new_email


def _is_own_account(answer: Answer, visit: Visit) -> bool:
    found = _json(answer)
    return answer.status == 200 and isinstance(found, dict) and found.get("email") == visit.member


def _is_own_name(answer: Answer, visit: Visit) -> bool:
    return answer.status == 200 and _json(answer) == {"data": {"customer": {"email": visit.member}}}


def _is_unknown_route(answer: Answer, _visit: Visit) -> bool:
    return answer.status == 404 and _json(answer) == {"message": "Request does not match any route."}


def _is_store_config(answer: Answer, _visit: Visit) -> bool:
    return answer.status == 200 and _json(answer) == {"data": {"storeConfig": {"store_code": "default"}}}


def _is_page(answer: Answer, status: int, content: str) -> bool:
    """Whether a page of the storefront is complete and has that content."""
    return answer.status == status and content in answer.body and answer.body.rstrip().endswith("</html>")


def _is_home(answer: Answer, _visit: Visit) -> bool:
    return _is_page(answer, 200, "<p>Welcome to ")


def _is_missing_page(answer: Answer, _visit: Visit) -> bool:
    return _is_page(answer, 404, "<p>The page you requested was not found.</p>")


WRONG = "mistyped"
KINDS = (
    Kind("rest login", 6, lambda visit: _rest_login(visit.email, PASSWORD), _is_rest_token),
    Kind("graphql login", 6, lambda visit: _graphql_login(visit.email, PASSWORD), _is_graphql_token),
    Kind("soap login", 6, lambda visit: _soap_login(visit.email, PASSWORD), _is_soap_token),
    Kind("rest wrong password", 1, lambda visit: _rest_login(visit.email, WRONG), _is_rest_refusal),
    Kind("graphql wrong password", 1, lambda visit: _graphql_login(visit.email, WRONG), _is_graphql_refusal),
    Kind("soap wrong password", 1, lambda visit: _soap_login(visit.email, WRONG), _is_soap_refusal),
    Kind("storefront login", 2, lambda visit: _storefront_login(visit.email, PASSWORD), _is_signed_in),
    Kind("rest new customer", 1, _creation, _is_new_customer),
    Kind("rest own account", 3, _account, _is_own_account),
    Kind("rest unknown route", 1, lambda visit: Request("GET", "/rest/V1/nosuch"), _is_unknown_route),
    Kind("graphql own account", 3, lambda visit: _graphql("{customer{email}}", headers=_bearer(visit)), _is_own_name),
    Kind("graphql store", 2, lambda visit: _graphql("{storeConfig{store_code}}"), _is_store_config),
    Kind("home page", 3, lambda visit: Request("GET", "/"), _is_home),
    Kind("missing page", 1, lambda visit: Request("GET", "/no-such-page"), _is_missing_page),
)  # fmt: skip


def _is_slow_page(answer: Answer, _visit: Visit) -> bool:
    return _is_page(answer, 200, f"<p>Done after {SLOW_SECONDS} seconds.</p>")


# As a checkout that waits for a payment provider: a worker is busy for seconds, and loads classes at the end of them.
SLOW = Kind("slow page", 0, lambda visit: Request("GET", f"/slow/index/index?seconds={SLOW_SECONDS}"), _is_slow_page)


def cycle(kinds: Iterable[Kind]) -> Iterator[Kind]:
    """The kinds without end, each by its share, and each spread over the whole round rather than in a row."""
    places = sorted(((number + 0.5) / kind.share, kind.name, kind) for kind in kinds for number in range(kind.share))
    while True:
        for _place, _name, kind in places:
            yield kind
