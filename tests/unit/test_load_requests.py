# Copyright (c) 2026, the storefleet.commerce authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Whether the load knows a right answer from a wrong one, and mixes its requests."""

from __future__ import annotations

import itertools
import json
from collections import Counter

import pytest
from support.load_requests import KINDS, SIGN_IN_FAILED, SLOW, Answer, Visit, cycle

VISIT = Visit("ada@example.com", "new@example.com", "member@example.com", "t.o.k")
TOKEN = "eyJ-0.eyJ_1.sig-2"
SOAP = (
    '<?xml version="1.0" encoding="UTF-8"?>\n<env:Envelope xmlns:env="http://www.w3.org/2003/05/soap-envelope"><env:Body>'
    "{0}</env:Body></env:Envelope>\n"
)
SOAP_TOKEN = SOAP.format(f"<r><result>{TOKEN}</result></r>")
SOAP_REFUSAL = SOAP.format(f'<env:Fault><env:Text xml:lang="en">{SIGN_IN_FAILED}</env:Text></env:Fault>')
SOAP_BROKEN = SOAP.format('<env:Fault><env:Text xml:lang="en">Type Error occurred</env:Text></env:Fault>')
PAGE = "<html><h1>{0}</h1>{1}</html>\n"
ERROR_PAGE = PAGE.format("There has been an error", "<p>Error log record number: 1</p>")
GRAPHQL_TOKEN = json.dumps({"data": {"generateCustomerToken": {"token": TOKEN}}}, separators=(",", ":"))
GRAPHQL_REFUSAL = json.dumps({"errors": [{"message": SIGN_IN_FAILED}], "data": {"generateCustomerToken": None}})
GRAPHQL_BROKEN = json.dumps({"errors": [{"message": "Internal server error"}], "data": {"generateCustomerToken": None}})
RIGHT = {
    "rest login": (200, f'"{TOKEN}"'),
    "graphql login": (200, GRAPHQL_TOKEN),
    "soap login": (200, SOAP_TOKEN),
    "rest wrong password": (401, json.dumps({"message": SIGN_IN_FAILED})),
    "graphql wrong password": (200, GRAPHQL_REFUSAL),
    "soap wrong password": (200, SOAP_REFUSAL),
    "storefront login": (302, ""),
    "rest new customer": (200, json.dumps({"id": 7, "email": "new@example.com"})),
    "rest own account": (200, json.dumps({"email": "member@example.com"})),
    "rest unknown route": (404, json.dumps({"message": "Request does not match any route."})),
    "graphql own account": (200, json.dumps({"data": {"customer": {"email": "member@example.com"}}})),
    "graphql store": (200, json.dumps({"data": {"storeConfig": {"store_code": "default"}}})),
    "home page": (200, PAGE.format("Home page", "<p>Welcome to Default Store View.</p>")),
    "missing page": (404, PAGE.format("404", "<p>The page you requested was not found.</p>")),
    "slow page": (200, PAGE.format("Slow page", "<p>Done after 5 seconds.</p>")),
}
# The same status as the right one, and a body that says something else.
WRONG = {
    "rest login": (200, '"no token"'),
    "graphql login": (200, GRAPHQL_BROKEN),
    "soap login": (200, SOAP_BROKEN),
    "rest wrong password": (401, json.dumps({"message": "The consumer isn't authorized."})),
    "graphql wrong password": (200, GRAPHQL_BROKEN),
    "soap wrong password": (200, SOAP_BROKEN),
    "storefront login": (302, ""),
    "rest new customer": (200, json.dumps({"id": 7, "email": "somebody-else@example.com"})),
    "rest own account": (200, json.dumps({"email": "somebody-else@example.com"})),
    "rest unknown route": (404, "<html>nginx</html>"),
    "graphql own account": (200, json.dumps({"data": {"customer": {"email": "somebody-else@example.com"}}})),
    "graphql store": (200, json.dumps({"errors": [{"message": "Internal server error"}]})),
    "home page": (200, ERROR_PAGE),
    "missing page": (404, PAGE.format("404 Not Found", "nginx")),
    "slow page": (200, PAGE.format("Slow page", "<p>Done after 1 seconds.</p>")),
}
ALL = (*KINDS, SLOW)
KIND = pytest.mark.parametrize("kind", ALL, ids=[kind.name for kind in ALL])


def answer(kind, known, location):
    return Answer(known[kind.name][0], {"location": f"http://store.example{location}"}, known[kind.name][1])


@KIND
def test_the_right_answer_is_right(kind):
    assert kind.is_right(answer(kind, RIGHT, "/customer/account/"), VISIT)


@KIND
def test_another_body_of_the_same_status_is_wrong(kind):
    assert not kind.is_right(answer(kind, WRONG, "/customer/account/login/"), VISIT)


@KIND
@pytest.mark.parametrize("status", [500, 502, 503])
def test_the_right_body_with_an_error_status_is_wrong(kind, status):
    assert not kind.is_right(answer(kind, RIGHT, "/customer/account/")._replace(status=status), VISIT)


@KIND
@pytest.mark.parametrize("share", [0.5, 0.95])
def test_part_of_an_answer_is_wrong(kind, share):
    whole = answer(kind, RIGHT, "/customer/account/")
    if whole.body:
        assert not kind.is_right(whole._replace(body=whole.body[: int(len(whole.body) * share)]), VISIT)


def test_a_customer_is_answered_with_what_is_the_customers_own():
    by_name = {kind.name: kind for kind in KINDS}
    for name in ("rest own account", "graphql own account"):
        request = by_name[name].request(VISIT)
        assert request.headers["Authorization"] == f"Bearer {VISIT.token}"
    assert VISIT.email in by_name["soap login"].request(VISIT).body
    assert VISIT.new_email in by_name["rest new customer"].request(VISIT).body


def test_the_mix_has_each_kind_by_its_share_and_none_in_a_row():
    size = sum(kind.share for kind in KINDS)
    round_of_names = [kind.name for kind in itertools.islice(cycle(KINDS), size)]
    assert Counter(round_of_names) == {kind.name: kind.share for kind in KINDS}
    assert all(one != other for one, other in itertools.pairwise(round_of_names))


def test_half_of_the_mix_are_logins():
    logins = sum(kind.share for kind in KINDS if "login" in kind.name or "password" in kind.name)
    assert logins >= sum(kind.share for kind in KINDS) / 2
