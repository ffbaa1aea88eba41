# Copyright (c) 2026, the storefleet.commerce authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""One node over HTTP: its name, what goes along, and how an answer that does not end is ended."""

from __future__ import annotations

import base64
import gzip
import socket
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from support.recorder import Recorder, Reply, recording

from ansible_collections.storefleet.commerce.plugins.module_utils import http_failures, http_node
from ansible_collections.storefleet.commerce.plugins.module_utils.errors import CommerceError
from ansible_collections.storefleet.commerce.plugins.module_utils.http_node import Access, Node

recorder = pytest.fixture(recording)


@pytest.fixture
def node(recorder: Recorder) -> Iterator[Node]:
    made = Node("https://store.example/shop", f"http://{recorder.address}", Access(offloader_header="X-Tls"))
    yield made
    made.close()


def test_the_node_is_asked_under_the_stores_name_as_behind_its_proxy(recorder: Recorder, node: Node) -> None:
    node.post("graphql", "{}", "application/json", {"Store": "de"})
    sent = recorder.requests[0]
    assert (sent.path, sent.body) == ("/shop/graphql", "{}")
    assert (sent.headers["Host"], sent.headers["Store"]) == ("store.example", "de")
    assert (sent.headers["X-TLS"], sent.headers["X-FORWARDED-PROTO"]) == ("https", "https")
    assert "Authorization" not in sent.headers


def test_a_store_without_tls_has_no_such_header(recorder: Recorder) -> None:
    Node("http://store.example/", recorder.address).get("")
    assert "X-FORWARDED-PROTO" not in recorder.requests[0].headers


def test_all_requests_take_one_connection(recorder: Recorder, node: Node) -> None:
    for number in range(6):
        recorder.answer("x" * number * 40000)
        node.post("graphql", "{}", "application/json")
    assert len({sent.connection for sent in recorder.requests}) == 1


def test_no_cookie_goes_from_one_request_to_the_next(recorder: Recorder, node: Node) -> None:
    recorder.answer(Set_Cookie="PHPSESSID=1; path=/")
    node.get("")
    node.get("")
    assert "Cookie" not in recorder.requests[1].headers


def test_a_login_of_the_web_server_and_other_headers_go_along(recorder: Recorder) -> None:
    access = Access(url_username="op", url_password="wörd:s", headers={"X-Team": "a b", "user-agent": "me"})
    Node("http://store.example/", recorder.address, access).get("")
    headers = recorder.requests[0].headers
    assert base64.b64decode(headers["Authorization"].removeprefix("Basic ")).decode() == "op:wörd:s"
    assert (headers["X-Team"], headers["User-Agent"]) == ("a b", "storefleet-commerce")
    assert "wörd" not in repr(access)
    assert "a b" not in repr(access)


@pytest.mark.parametrize(
    ("location", "target"),
    [
        ("/elsewhere?token=1", "https://store.example/elsewhere"),
        ("https://user:word@www.store.example:81/a/?b#c", "https://www.store.example:81/a/"),
        ("http://[bad/", "an address that is none"),
    ],
)
def test_a_redirect_is_told_and_not_followed(recorder: Recorder, node: Node, location: str, target: str) -> None:
    recorder.answer("", 302, Location=location)
    assert node.get("").location == target
    assert len(recorder.requests) == 1


def test_what_else_an_answer_says(recorder: Recorder, node: Node) -> None:
    recorder.answer(
        "ü", 401, Content_Type="Text/HTML; charset=utf-8", WWW_Authenticate='Basic realm="x"', Retry_After="9"
    )
    answer = node.get("")
    assert (answer.status, answer.media_type, answer.body) == (401, "text/html", "ü")
    assert (answer.asks_for_login, answer.retry_after, answer.location) == (True, "9", None)
    recorder.answer("", 401, WWW_Authenticate="OAuth")
    assert not node.get("").asks_for_login


def test_a_compressed_answer_is_read(recorder: Recorder, node: Node) -> None:
    recorder.replies = [Reply(parts=[gzip.compress(b"text")], headers={"Content-Encoding": "gzip"})]
    assert node.get("").body == "text"
    assert recorder.requests[0].headers["Accept-Encoding"] == "identity"


def test_an_answer_that_claims_to_be_compressed_is_no_crash(recorder: Recorder, node: Node) -> None:
    recorder.answer("text", Content_Encoding="gzip")
    with pytest.raises(CommerceError) as failed:
        node.get("")
    assert failed.value.code == "unreadable_answer"


def test_no_more_is_read_than_the_limit(recorder: Recorder, node: Node, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(http_node, "ANSWER_SIZE", 1000)
    recorder.answer("x" * 5_000_000)
    assert node.get("").body == "x" * 1000
    recorder.answer("short")
    assert node.get("").body == "short"


def test_what_is_beyond_the_limit_is_not_waited_for(recorder: Recorder, node: Node, monkeypatch) -> None:
    monkeypatch.setattr(http_node, "ANSWER_SIZE", 1000)
    gone = threading.Event()
    recorder.replies = [Reply(parts=[b"x" * 20000, b"y"], pause=lambda: gone.wait(10))]
    started = time.monotonic()
    node.get("")
    gone.set()
    assert time.monotonic() - started < 5


def test_an_answer_that_drips_is_ended(recorder: Recorder, node: Node, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(http_node, "ANSWER_SECONDS", 0.3)
    gone = threading.Event()
    recorder.replies = [Reply(parts=[b"x"] * 200, pause=lambda: gone.wait(0.05))]
    started = time.monotonic()
    with pytest.raises(CommerceError) as ended:
        node.get("")
    took = time.monotonic() - started
    gone.set()
    assert ended.value.code == "timeout"
    assert took < 3
    monkeypatch.undo()
    recorder.answer("next")
    assert node.get("").body == "next"


def test_a_node_that_is_away_is_asked_once(recorder: Recorder, monkeypatch: pytest.MonkeyPatch) -> None:
    node = Node("http://store.example/", recorder.address)
    tried = []
    monkeypatch.setattr(node._session, "request", lambda *args, **dummy: tried.append(args) or refuse())

    def refuse() -> None:
        raise node._requests.exceptions.ConnectionError("refused")

    for dummy in range(3):
        with pytest.raises(CommerceError) as away:
            node.get("")
        assert away.value.code == "unreachable"
    assert len(tried) == 1


@pytest.mark.parametrize(("error", "tries"), [("ConnectTimeout", 1), ("ReadTimeout", 3)])
def test_a_node_that_takes_no_connection_is_not_waited_for_again(recorder, node, monkeypatch, error, tries) -> None:
    tried = []

    def request(*args, **dummy) -> None:
        tried.append(args)
        raise getattr(node._requests.exceptions, error)

    monkeypatch.setattr(node._session, "request", request)
    for dummy in range(3):
        with pytest.raises(CommerceError) as failed:
            node.get("")
        assert failed.value.code == "timeout"
    assert len(tried) == tries


def test_a_node_that_answered_before_is_asked_again(recorder: Recorder, node: Node, monkeypatch) -> None:
    node.get("")

    def request(*dummy, **also_dummy) -> None:
        raise node._requests.exceptions.ConnectionError("reset")

    with monkeypatch.context() as broken:
        broken.setattr(node._session, "request", request)
        with pytest.raises(CommerceError):
            node.get("")
    assert node.get("").status == 200


def test_no_proxy_of_the_environment_is_asked(recorder: Recorder, node: Node, monkeypatch) -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        away = "http://127.0.0.1:{}".format(server.getsockname()[1])
    for name in ("http_proxy", "HTTP_PROXY", "all_proxy"):
        monkeypatch.setenv(name, away)
    for name in ("no_proxy", "NO_PROXY"):
        monkeypatch.delenv(name, raising=False)
    assert node.get("").status == 200


@pytest.fixture
def silent() -> Iterator[str]:
    """A listener that hangs up on everyone."""
    with socket.create_server(("127.0.0.1", 0)) as server:

        def serve() -> None:
            while True:
                connection, dummy = server.accept()
                with connection:
                    if connection.recv(4096) == b"end":
                        return

        thread = threading.Thread(target=serve)
        thread.start()
        yield "127.0.0.1:{}".format(server.getsockname()[1])
        with socket.create_connection(server.getsockname()) as last:
            last.sendall(b"end")
        thread.join()


@pytest.mark.parametrize(("expects", "code"), [(True, "proxy_protocol"), (False, "no_answer")])
def test_a_node_that_hangs_up_is_asked_for_the_proxy_protocol(
    silent: str, monkeypatch, expects: bool, code: str
) -> None:
    asked = []
    monkeypatch.setattr(http_failures, "expects_proxy_protocol", lambda address: asked.append(address) or expects)
    node = Node("http://store.example/", silent)
    for dummy in range(2):
        with pytest.raises(CommerceError) as failed:
            node.get("")
        assert failed.value.code == code
    assert asked == [node.address]


def test_a_node_that_does_not_speak_tls_is_named(recorder: Recorder) -> None:
    with pytest.raises(CommerceError) as failed:
        Node("https://store.example/", recorder.address, Access(validate_certs=False)).get("")
    assert failed.value.code == "http_port"


@pytest.mark.parametrize(("content", "reason"), [(None, "No such file"), ("no certificate", "no certificate")])
def test_authorities_that_cannot_be_read_are_named(tmp_path: Path, content: str | None, reason: str) -> None:
    authorities = tmp_path / "ca.pem"
    if content is not None:
        authorities.write_text(content)
    with pytest.raises(CommerceError) as failed:
        Node("https://store.example/", "127.0.0.1:1", Access(ca_path=str(authorities)))
    assert (failed.value.code, failed.value.on) == ("bad_ca_path", str(authorities))
    assert reason in failed.value.came_back
    Node("http://store.example/", "127.0.0.1:1", Access(ca_path=str(authorities))).close()
