# Copyright (c) 2026, the storefleet.commerce authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the answers of the three APIs mean, and what is sent to get them."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from xml.etree import ElementTree

import pytest

from ansible_collections.storefleet.commerce.plugins.module_utils import tokens
from ansible_collections.storefleet.commerce.plugins.module_utils.errors import CommerceError
from ansible_collections.storefleet.commerce.plugins.module_utils.tokens import HttpAnswer

SIGN_IN = "The account sign-in was incorrect or your account is disabled temporarily. Please wait and try again later."
TYPE_ERROR = "Type Error occurred when creating object: %type, %msg"
ERROR_PAGE = "<html><body>There has been an error processing your request</body></html>"


def rest(status: int, body: object) -> HttpAnswer:
    return HttpAnswer(status, "application/json", json.dumps(body))


def graphql(status: int, message: str, category: str = "graphql") -> HttpAnswer:
    errors = [{"message": message, "extensions": {"category": category}}]
    return HttpAnswer(
        status, "application/json", json.dumps({"errors": errors, "data": {"generateCustomerToken": None}})
    )


def envelope(body: str) -> str:
    return (
        '<?xml version="1.0" encoding="UTF-8"?>\n'
        f'<env:Envelope xmlns:env="http://www.w3.org/2003/05/soap-envelope"><env:Body>{body}</env:Body></env:Envelope>\n'
    )


def fault(text: str, code: str = "Sender", detail: str = "") -> HttpAnswer:
    body = (
        f"<env:Fault><env:Code><env:Value>env:{code}</env:Value></env:Code>"
        f'<env:Reason><env:Text xml:lang="en">{text}</env:Text></env:Reason>{detail}</env:Fault>'
    )
    return HttpAnswer(200, "application/soap+xml", envelope(body))


PARAMETER = "<m:GenericFaultParameter><m:key>type</m:key><m:value>A</m:value></m:GenericFaultParameter>"
DETAIL = f'<env:Detail xmlns:m="urn:m"><m:GenericFault>{PARAMETER}</m:GenericFault></env:Detail>'
RESULT = '<ns1:Answer xmlns:ns1="http://store.example/soap/default"><result>e30.e30.c2ln</result></ns1:Answer>'

TABLE = [
    (tokens.judge_rest, rest(200, "e30.e30.c2ln"), "granted granted"),
    (tokens.judge_rest, rest(401, {"message": SIGN_IN}), "refused refused"),
    (tokens.judge_rest, rest(400, {"message": TYPE_ERROR, "parameters": {"type": "A", "msg": "B"}}), "broken error"),
    (tokens.judge_rest, rest(500, {"message": "Internal Error. Report ID: webapi-1"}), "broken error"),
    (tokens.judge_rest, rest(500, {"message": "Something else"}), "broken server_error"),
    (tokens.judge_rest, rest(400, {"message": "ReCaptcha validation failed"}), "not_testable recaptcha"),
    (tokens.judge_rest, rest(400, {"message": "Decoding error."}), "not_testable unexpected_answer"),
    (tokens.judge_rest, rest(404, {"message": "Request does not match any route."}), "closed no_route"),
    (tokens.judge_rest, rest(429, {"message": "Too many"}), "not_testable rate_limited"),
    (tokens.judge_rest, rest(200, {"token": "of something else"}), "not_testable unexpected_answer"),
    (tokens.judge_graphql, HttpAnswer(200, "", '{"data":{"generateCustomerToken":{"token":"t"}}}'), "granted granted"),
    (tokens.judge_graphql, graphql(200, SIGN_IN, "graphql-authentication"), "refused refused"),
    (tokens.judge_graphql, graphql(500, "Internal server error"), "broken error"),
    (tokens.judge_graphql, graphql(500, "Requested store is not found"), "broken server_error"),
    (tokens.judge_graphql, graphql(200, 'Cannot query field "generateCustomerToken"'), "closed no_route"),
    (tokens.judge_graphql, graphql(200, "Something new"), "not_testable unexpected_answer"),
    (tokens.judge_graphql, HttpAnswer(200, "", '{"errors":[]}'), "not_testable unexpected_answer"),
    (tokens.judge_graphql, HttpAnswer(200, "", '{"errors":["odd"]}'), "not_testable unexpected_answer"),
    (tokens.judge_soap, HttpAnswer(200, "application/soap+xml", envelope(RESULT)), "granted granted"),
    (tokens.judge_soap, fault(SIGN_IN), "refused refused"),
    (tokens.judge_soap, fault("Die Anmeldung war falsch."), "refused refused"),
    (tokens.judge_soap, fault(TYPE_ERROR, detail=DETAIL), "broken error"),
    (tokens.judge_soap, fault("Internal Error. Report ID: webapi-1", "Receiver"), "broken error"),
    (tokens.judge_soap, fault("Etwas anderes", "Receiver"), "broken server_error"),
    (tokens.judge_soap, fault("Etwas fehlt", detail=DETAIL), "not_testable unexpected_answer"),
    (tokens.judge_soap, HttpAnswer(200, "", envelope("<odd/>")), "not_testable unexpected_answer"),
    (tokens.judge_soap, HttpAnswer(200, "", "<odd/>"), "not_testable unexpected_answer"),
]

FOREIGN = [
    (HttpAnswer(403, "text/html", "<html>nginx"), "closed closed_by_server"),
    (HttpAnswer(404, "text/html", "<html>nginx"), "closed closed_by_server"),
    (HttpAnswer(405, "text/html", "<html>nginx"), "closed closed_by_server"),
    (HttpAnswer(401, "text/html", "", None, True), "not_testable login_before_the_store"),
    (HttpAnswer(401, "text/html", ""), "not_testable unexpected_answer"),
    (HttpAnswer(429, "text/html", ""), "not_testable rate_limited"),
    (HttpAnswer(500, "text/html", ERROR_PAGE), "broken error"),
    (HttpAnswer(503, "text/html", ERROR_PAGE), "broken error"),
    (HttpAnswer(500, "text/html", ""), "broken server_error"),
    (HttpAnswer(502, "text/html", "<html>Bad Gateway"), "broken server_error"),
    (HttpAnswer(503, "text/html", "<html>Service Temporarily Unavailable"), "not_testable service_unavailable"),
    (HttpAnswer(302, "text/html", "", "https://sso.example/?token=x"), "not_testable redirected"),
    (HttpAnswer(200, "text/html", "<html>a page"), "not_testable unexpected_answer"),
]


@pytest.mark.parametrize(("judge", "answer", "expected"), TABLE)
def test_answers_of_commerce(judge, answer: HttpAnswer, expected: str) -> None:
    judged = judge(answer)
    assert f"{judged.state} {judged.reason}" == expected


@pytest.mark.parametrize("judge", [tokens.judge_rest, tokens.judge_graphql, tokens.judge_soap])
@pytest.mark.parametrize(("answer", "expected"), FOREIGN)
def test_answers_of_something_else(judge, answer: HttpAnswer, expected: str) -> None:
    judged = judge(answer)
    assert f"{judged.state} {judged.reason}" == expected


def test_details_are_told_with_their_parameters_and_without_secrets() -> None:
    assert tokens.judge_rest(TABLE[2][1]).detail == "Type Error occurred when creating object: A, B"
    assert (
        tokens.judge_soap(fault(TYPE_ERROR, detail=DETAIL)).detail
        == "Type Error occurred when creating object: A, %msg"
    )
    assert tokens.judge_rest(FOREIGN[11][0]).detail == "to https://sso.example"
    assert tokens.judge_rest(TABLE[0][1]).detail is None


class Recorder(HTTPServer):
    """A node that keeps what it was sent and answers 200 with what it is given."""

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.requests: list[tuple[str, dict[str, str], str]] = []
        self.answer = (200, '"token"', {})


class Handler(BaseHTTPRequestHandler):
    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length", 0))).decode()
        self.server.requests.append((self.path, dict(self.headers), body))
        status, text, headers = self.server.answer
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(text)))
        self.end_headers()
        self.wfile.write(text.encode())

    do_GET = do_POST

    def log_message(self, *dummy) -> None:
        pass


@pytest.fixture
def recorder() -> Iterator[Recorder]:
    with Recorder() as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        yield server
        server.shutdown()
        thread.join()


@pytest.fixture
def node(recorder: Recorder) -> Iterator[tokens.Node]:
    made = tokens.Node(
        "https://store.example/shop", f"http://127.0.0.1:{recorder.server_port}", offloader_header="X-Tls"
    )
    yield made
    made.close()


def test_the_node_is_asked_under_the_stores_name_as_behind_its_proxy(recorder: Recorder, node: tokens.Node) -> None:
    assert tokens.request(node, "rest", "a@example.com", "s3cret", "de").state == tokens.GRANTED
    path, headers, body = recorder.requests[0]
    assert path == "/shop/rest/de/V1/integration/customer/token"
    assert headers["Host"] == "store.example"
    assert headers["X-Tls"] == "https"
    assert headers["Content-Type"] == "application/json"
    assert json.loads(body) == {"username": "a@example.com", "password": "s3cret"}


def test_rest_without_a_store_view_leaves_the_code_out(recorder: Recorder, node: tokens.Node) -> None:
    tokens.request(node, "rest", "a@example.com", "s3cret")
    assert recorder.requests[0][0] == "/shop/rest/V1/integration/customer/token"


def test_graphql_names_the_store_view_in_a_header(recorder: Recorder, node: tokens.Node) -> None:
    tokens.request(node, "graphql", 'a"b@example.com', "s3cret", "de")
    path, headers, body = recorder.requests[0]
    assert (path, headers["Store"]) == ("/shop/graphql", "de")
    assert json.loads(body)["variables"] == {"email": 'a"b@example.com', "password": "s3cret"}


def test_soap_sends_an_envelope_in_the_namespace_of_the_service(recorder: Recorder, node: tokens.Node) -> None:
    tokens.request(node, "soap", "a@example.com", "<&>", "de")
    path, headers, body = recorder.requests[0]
    assert path == "/shop/soap/de?services=integrationCustomerTokenServiceV1"
    assert headers["Content-Type"].startswith("application/soap+xml")
    asked = ElementTree.fromstring(body).find("{http://www.w3.org/2003/05/soap-envelope}Body")[0]
    service = "https://store.example/shop/soap/de?services=integrationCustomerTokenServiceV1"
    assert asked.tag == f"{{{service}}}integrationCustomerTokenServiceV1CreateCustomerAccessTokenRequest"
    assert [(part.tag, part.text) for part in asked] == [("username", "a@example.com"), ("password", "<&>")]


def test_no_cookie_goes_from_one_request_to_the_next(recorder: Recorder, node: tokens.Node) -> None:
    recorder.answer = (200, '"token"', {"Set-Cookie": "PHPSESSID=1; path=/"})
    for dummy in range(2):
        tokens.request(node, "rest", "a@example.com", "s3cret")
    assert "Cookie" not in recorder.requests[1][1]


def test_a_redirect_is_not_followed(recorder: Recorder, node: tokens.Node) -> None:
    recorder.answer = (302, "", {"Location": "/elsewhere"})
    assert tokens.request(node, "rest", "a@example.com", "s3cret").reason == "redirected"
    assert len(recorder.requests) == 1


def test_a_node_that_is_away_is_not_testable(recorder: Recorder) -> None:
    away = tokens.Node("http://store.example/", f"127.0.0.1:{recorder.server_port}")
    recorder.socket.close()
    answer = tokens.request(away, "rest", "a@example.com", "s3cret")
    assert (answer.state, answer.reason) == (tokens.NOT_TESTABLE, "unreachable")
    assert "s3cret" not in answer.detail


@pytest.mark.parametrize(("body", "expected"), [("Magento/2.4 (Community)", True), ("nginx", False)])
def test_commerce_is_known_by_its_version_page(
    recorder: Recorder, node: tokens.Node, body: str, expected: bool
) -> None:
    recorder.answer = (200, body, {})
    assert tokens.is_commerce(node) is expected


@pytest.mark.parametrize(
    ("base_url", "connect_to", "expected"),
    [
        ("http://store.example/", None, "http://127.0.0.1:80/"),
        ("https://store.example/a/", None, "https://127.0.0.1:443/a/"),
        ("http://store.example:8080", None, "http://127.0.0.1:8080/"),
        ("https://store.example/", "10.0.0.1", "https://10.0.0.1:443/"),
        ("https://store.example/", "http://10.0.0.1:8080", "http://10.0.0.1:8080/"),
        ("http://store.example/", "[::1]:81", "http://[::1]:81/"),
    ],
)
def test_where_requests_go(base_url: str, connect_to: str | None, expected: str) -> None:
    assert tokens.Node(base_url, connect_to).url == expected


@pytest.mark.parametrize(("base_url", "connect_to"), [("store.example", None), ("http://s.example/", "ftp://10.0.0.1")])
def test_addresses_that_are_none_are_refused(base_url: str, connect_to: str | None) -> None:
    with pytest.raises(CommerceError) as refused:
        tokens.Node(base_url, connect_to)
    assert refused.value.code == "bad_url"
