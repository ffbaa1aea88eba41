# Copyright (c) 2026, the storefleet.commerce authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The load itself: what it counts as failed, how often it asks, and whom."""

from __future__ import annotations

import re
import socket
import threading
import time

import pytest
from support import load
from support.load import CUSTOMERS, Load, customers_sql
from support.load_client import ask, attempt
from support.load_requests import KINDS, SLOW, Answer, Kind, Request, Visit
from support.load_results import Sample

VISIT = Visit("ada@example.com", "new@example.com", "member@example.com", "t.o.k")
ANY = Kind("any", 1, lambda visit: Request("GET", "/"), lambda answer, visit: answer.body == "right")
HEAD = b"HTTP/1.1 200 OK\r\nX-Seen: YES\r\n"


@pytest.fixture
def server():
    """Answers one connection with these bytes, and ends it; returns its address."""
    listening = socket.create_server(("127.0.0.1", 0))
    threads = []

    def start(answer):
        def serve():
            connection, _peer = listening.accept()
            connection.recv(65536)
            connection.sendall(answer)
            connection.close()

        threads.append(threading.Thread(target=serve))
        threads[-1].start()
        return "127.0.0.1:{}".format(listening.getsockname()[1])

    yield start
    for thread in threads:
        thread.join(10)
    listening.close()


def test_a_whole_answer(server):
    address = server(HEAD + b"Content-Length: 5\r\n\r\nright")
    headers = {"x-seen": "YES", "content-length": "5"}
    assert ask(address, Request("GET", "/")) == Answer(200, headers, "right")


@pytest.mark.parametrize(
    ("answer", "failure"),
    [
        (HEAD + b"Content-Length: 5\r\n\r\nright", None),
        (HEAD + b"Transfer-Encoding: chunked\r\n\r\n5\r\nright\r\n0\r\n\r\n", None),
        (HEAD + b"Content-Length: 5\r\n\r\nwrong", "status 200: wrong"),
        (HEAD + b"Content-Length: 9\r\n\r\nright", "IncompleteRead"),
        (HEAD + b"Transfer-Encoding: chunked\r\n\r\n5\r\nright\r\n", "IncompleteRead"),
        (HEAD + b"\r\nright", "an answer without a length"),
        (b"", "RemoteDisconnected"),
        (b"nonsense\r\n\r\n", "BadStatusLine"),
    ],
    ids=["right", "right in chunks", "wrong", "cut", "cut between chunks", "without a length", "nothing", "no HTTP"],
)
def test_what_counts_as_failed(server, answer, failure):
    found = attempt(server(answer), ANY, VISIT)
    assert found is None if failure is None else failure in found


def test_a_refused_connection_counts_as_failed():
    with socket.create_server(("127.0.0.1", 0)) as closed:
        address = "127.0.0.1:{}".format(closed.getsockname()[1])
    assert "ConnectionRefusedError" in attempt(address, ANY, VISIT)


class Asked:
    """Stands in for the store: what it was asked for, and how long it takes to answer."""

    def __init__(self, seconds=0.0):
        self.visits = []
        self._seconds = seconds

    def __call__(self, address, kind, visit):
        self.visits.append((kind.name, visit))
        time.sleep(self._seconds)


@pytest.fixture
def run(monkeypatch):
    """Runs a load on a stand-in for so many requests; returns the samples."""

    def run_load(asked, requests, rate=2000.0):
        samples = []
        monkeypatch.setattr(load, "token_of", lambda address, email: "t.o.k")
        monkeypatch.setattr(load, "attempt", asked)
        turns = iter(range(requests))
        Load("store:80", samples.append).run(KINDS, rate, lambda: next(turns, None) is None)
        return samples

    return run_load


def test_each_request_has_a_customer_of_its_own(run):
    asked = Asked()
    run(asked, 200)
    assert len({visit.email for _kind, visit in asked.visits}) == 200
    assert len({visit.new_email for _kind, visit in asked.visits}) == 200
    assert all(1 <= int(re.findall(r"\d+", visit.email)[0]) <= CUSTOMERS for _kind, visit in asked.visits)
    assert {visit.member for _kind, visit in asked.visits} == {"load-0@example.com"}


def test_a_slow_request_begins_with_the_load(run):
    asked = Asked()
    run(asked, 3)
    assert asked.visits[0][0] == SLOW.name


def test_the_rate_does_not_follow_the_answers(run):
    began = time.monotonic()
    samples = run(Asked(seconds=0.2), 40, rate=400.0)
    assert len(samples) == 40
    # One after the other they would take 8 s.
    assert time.monotonic() - began < 2
    assert all(sample.seconds >= 0.2 for sample in samples)


def test_waiting_for_a_turn_counts_as_the_stores_time(run, monkeypatch):
    monkeypatch.setattr(load, "WORKERS", 1)
    samples = run(Asked(seconds=0.05), 6, rate=2000.0)
    assert max(sample.seconds for sample in samples) > 0.25


def test_what_was_wrong_with_an_answer_is_in_the_sample(run):
    samples = run(lambda address, kind, visit: "status 502", 5)
    assert {sample.failure for sample in samples} == {"status 502"}


def test_a_defect_of_the_load_ends_it(run):
    def defective(address, kind, visit):
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        run(defective, 1_000_000)


def test_samples_are_lines(tmp_path):
    with (tmp_path / "samples").open("w") as file:
        load.SampleFile(file).write(Sample(1.0, 0.5, "home page", None))
    assert (tmp_path / "samples").read_text() == '[1.0, 0.5, "home page", null]\n'


def test_the_customers_are_those_of_the_sql():
    assert f"FROM seq_0_to_{CUSTOMERS}" in customers_sql()
