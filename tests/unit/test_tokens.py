# Copyright (c) 2026, the storefleet.commerce authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What is sent to the three APIs, and what becomes of it."""

from __future__ import annotations

import json
import socket
from collections.abc import Iterator
from xml.etree import ElementTree

import pytest
from support.recorder import Recorder, Reply, recording

from ansible_collections.storefleet.commerce.plugins.module_utils import answers, http_failures, tokens
from ansible_collections.storefleet.commerce.plugins.module_utils.http_node import Node

recorder = pytest.fixture(recording)


@pytest.fixture
def node(recorder: Recorder) -> Iterator[Node]:
    made = Node("https://store.example/shop", f"http://{recorder.address}")
    yield made
    made.close()


def test_rest_sends_json_to_the_store_view(recorder: Recorder, node: Node) -> None:
    assert tokens.request(node, "rest", "a@example.com", "s3cret", "de").state == answers.GRANTED
    sent = recorder.requests[0]
    assert sent.path == "/shop/rest/de/V1/integration/customer/token"
    assert sent.headers["Content-Type"] == "application/json"
    assert json.loads(sent.body) == {"username": "a@example.com", "password": "s3cret"}


def test_rest_without_a_store_view_leaves_the_code_out(recorder: Recorder, node: Node) -> None:
    tokens.request(node, "rest", "a@example.com", "s3cret")
    assert recorder.requests[0].path == "/shop/rest/V1/integration/customer/token"


def test_graphql_names_the_store_view_in_a_header(recorder: Recorder, node: Node) -> None:
    tokens.request(node, "graphql", 'a"b@example.com', "s3cret", "de")
    sent = recorder.requests[0]
    assert (sent.path, sent.headers["Store"]) == ("/shop/graphql", "de")
    assert json.loads(sent.body)["variables"] == {"email": 'a"b@example.com', "password": "s3cret"}


def test_soap_sends_an_envelope_in_the_namespace_of_the_service(recorder: Recorder, node: Node) -> None:
    tokens.request(node, "soap", "a@example.com", "<&>", "de")
    sent = recorder.requests[0]
    assert sent.path == "/shop/soap/de?services=integrationCustomerTokenServiceV1"
    assert sent.headers["Content-Type"].startswith("application/soap+xml")
    asked = ElementTree.fromstring(sent.body).find("{http://www.w3.org/2003/05/soap-envelope}Body")[0]
    service = "https://store.example/shop/soap/de?services=integrationCustomerTokenServiceV1"
    assert asked.tag == f"{{{service}}}integrationCustomerTokenServiceV1CreateCustomerAccessTokenRequest"
    assert [(part.tag, part.text) for part in asked] == [("username", "a@example.com"), ("password", "<&>")]


WSDL = '<?xml version="1.0"?>\n<definitions xmlns="http://schemas.xmlsoap.org/wsdl/" targetNamespace="{0}"/>'
NO_PROCEDURE = (
    '<env:Envelope xmlns:env="http://www.w3.org/2003/05/soap-envelope"><env:Body><env:Fault><env:Code><env:Value>env:Sender'
    "</env:Value></env:Code><env:Reason><env:Text>Procedure 'integration' not present</env:Text></env:Reason>"
    "</env:Fault></env:Body></env:Envelope>"
)
RESULT = '<env:Envelope xmlns:env="http://www.w3.org/2003/05/soap-envelope"><env:Body><result>t</result></env:Body></env:Envelope>'


def replies(*texts: str) -> list[Reply]:
    return [Reply(parts=[text.encode()]) for text in texts]


def test_soap_asks_again_in_the_namespace_of_the_wsdl(recorder: Recorder, node: Node) -> None:
    recorder.replies = replies(NO_PROCEDURE, WSDL.format("http://store.example/de/soap/de?a=1&amp;b=2"), RESULT)
    assert tokens.request(node, "soap", "a@example.com", "s3cret", "de").state == answers.GRANTED
    assert recorder.requests[1].path == "/shop/soap/de?services=integrationCustomerTokenServiceV1&wsdl=1"
    assert 'xmlns:ns1="http://store.example/de/soap/de?a=1&amp;b=2"' in recorder.requests[2].body


@pytest.mark.parametrize("wsdl", ["<html>", "<definitions/>"])
def test_soap_without_a_namespace_is_not_testable(recorder: Recorder, node: Node, wsdl: str) -> None:
    recorder.replies = replies(NO_PROCEDURE, wsdl)
    answer = tokens.request(node, "soap", "a@example.com", "s3cret", "de")
    assert (answer.state, answer.reason) == (answers.NOT_TESTABLE, "wrong_namespace")
    assert len(recorder.requests) == 2


def test_a_node_that_is_away_is_not_testable() -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        away = Node("http://store.example/", f"127.0.0.1:{server.getsockname()[1]}")
    answer = tokens.request(away, "rest", "a@example.com", "s3cret")
    assert (answer.state, answer.reason) == (answers.NOT_TESTABLE, "unreachable")
    assert "s3cret" not in answer.detail


def test_a_bad_request_may_be_for_lack_of_the_proxy_protocol(recorder: Recorder, node: Node, monkeypatch) -> None:
    recorder.answer("<h1>Bad Request</h1>", 400)
    assert tokens.request(node, "rest", "a@example.com", "s3cret").reason == "bad_request"
    monkeypatch.setattr(http_failures, "expects_proxy_protocol", lambda address: address == node.address)
    assert tokens.request(node, "rest", "a@example.com", "s3cret").reason == "proxy_protocol"


def test_nothing_that_was_sent_is_told(recorder: Recorder, node: Node) -> None:
    recorder.answer('{"message":"Type Error occurred at login(a@example.com, s3cret)"}', 400)
    answer = tokens.request(node, "rest", "a@example.com", "s3cret")
    assert answer.detail == "Type Error occurred at login(…, …)"


@pytest.mark.parametrize(("body", "expected"), [("Magento/2.4 (Community)", True), ("nginx", False)])
def test_commerce_is_known_by_its_version_page(recorder: Recorder, node: Node, body: str, expected: bool) -> None:
    recorder.answer(body)
    assert tokens.is_commerce(node) is expected
