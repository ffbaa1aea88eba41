# Copyright (c) 2026, the storefleet.commerce authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What is asked of each API, in which order, and what follows from its answers and the counter."""

from __future__ import annotations

from collections.abc import Callable
from types import SimpleNamespace

import pytest

from ansible_collections.storefleet.commerce.plugins.module_utils import answers, canary, tokens, trial
from ansible_collections.storefleet.commerce.plugins.module_utils.trial import Counter

ALL = ("rest", "graphql", "soap")
GRANTED = answers.Answer(answers.GRANTED, "granted", 200)
REFUSED = answers.Answer(answers.REFUSED, "refused", 401)
CUSTOMER = SimpleNamespace(customer_id=7, email="a@example.com", password="right")


class FakeStore:
    """One customer's counter, and the APIs that move it. statements counts what was asked of the database."""

    def __init__(self) -> None:
        self.failures = 0
        self.fixed: set[str] = set()
        self.answers: dict[str, answers.Answer] = {}
        self.asked: list[tuple[str, bool]] = []
        self.counting = True
        self.password = "right"
        self.statements = 0

    def request(self, dummy_node, api, email, password, store_code) -> answers.Answer:
        assert (email, store_code) == ("a@example.com", "de")
        self.asked.append((api, password == "right"))
        if api in self.answers:
            return self.answers[api]
        if password != self.password:
            self.failures += int(self.counting)
            return REFUSED
        if api in self.fixed:
            self.failures = 0
        return GRANTED

    def read(self, dummy_database, customer_id) -> int:
        assert customer_id == 7
        self.statements += 1
        return self.failures

    def write(self, dummy_database, customer_id, number) -> None:
        assert customer_id == 7
        self.statements += 1
        self.failures = number


@pytest.fixture
def store(monkeypatch: pytest.MonkeyPatch) -> FakeStore:
    fake = FakeStore()
    monkeypatch.setattr(tokens, "request", fake.request)
    monkeypatch.setattr(canary, "failures", fake.read)
    monkeypatch.setattr(canary, "set_failures", fake.write)
    return fake


def ask(store: FakeStore, form: str, near: Callable[[int], bool] = lambda dummy: False, apis=ALL):
    store.failures = trial.START.get(form, store.failures)
    return trial.ask_all(None, "de", Counter(None, CUSTOMER, store.failures), form, apis, near)


def behaviours(results) -> list[str]:
    return [f"{result.behaviour} {result.reason}" for result in results.values()]


WRONG_AND_RIGHT = [(api, right) for api in ALL for right in (False, True)]


def test_article_asks_wrong_then_right_on_each_api(store: FakeStore) -> None:
    store.fixed = {"rest", "soap"}
    results = ask(store, "article")
    assert store.asked == WRONG_AND_RIGHT
    assert behaviours(results) == ["fixed counter_reset", "defective counter_kept", "fixed counter_reset"]
    assert results["graphql"].detail == "failures_num is 1 after a right login"
    assert [results[api].counter for api in ALL] == [0, 1, 0]
    assert results["rest"].statuses == (401, 200)


def test_gentle_never_logs_in_wrongly(store: FakeStore) -> None:
    store.fixed = {"rest"}
    results = ask(store, "gentle")
    assert store.asked == [(api, True) for api in ALL]
    assert behaviours(results) == ["fixed counter_reset", "defective counter_kept", "defective counter_kept"]


@pytest.mark.parametrize(
    ("form", "fixed", "statements"),
    [("gentle", ALL, 5), ("gentle", (), 3), ("article", ALL, 6), ("article", (), 8), ("account", (), 4)],
)
def test_nothing_is_asked_of_the_database_that_is_known(store: FakeStore, form, fixed, statements) -> None:
    store.fixed = set(fixed)
    ask(store, form)
    assert store.statements == statements


@pytest.mark.parametrize("form", ["article", "gentle"])
def test_one_api_does_not_taint_the_next(store: FakeStore, form: str) -> None:
    store.fixed = {"graphql"}
    assert [result.behaviour for result in ask(store, form).values()] == ["defective", "fixed", "defective"]
    store.answers = {"rest": answers.Answer(answers.BROKEN, "error", 400)}
    assert [result.behaviour for result in ask(store, form).values()] == ["broken", "fixed", "defective"]


@pytest.mark.parametrize("form", ["article", "gentle"])
def test_a_counter_that_moved_without_an_answer_is_put_right(store: FakeStore, monkeypatch, form: str) -> None:
    """A login that was counted, and whose answer got lost."""
    store.answers = {"rest": answers.Answer(answers.NOT_TESTABLE, "timeout")}

    def request(*args) -> answers.Answer:
        store.failures = 5 if args[1] == "rest" else store.failures
        return store.request(*args)

    monkeypatch.setattr(tokens, "request", request)
    assert [result.counter for result in ask(store, form).values()] == [None, 1, 1]


@pytest.mark.parametrize(
    ("answer", "expected"),
    [
        (answers.Answer(answers.BROKEN, "error", 400, "Type Error"), "broken error"),
        (answers.Answer(answers.CLOSED, "closed_by_server", 404), "closed closed_by_server"),
        (GRANTED, "not_testable wrong_password_accepted"),
        (answers.Answer(answers.NOT_TESTABLE, "rate_limited", 429), "not_testable rate_limited"),
    ],
)
def test_what_a_strange_answer_to_the_wrong_login_means(store: FakeStore, answer, expected) -> None:
    store.answers["rest"] = answer
    result = ask(store, "article")["rest"]
    assert f"{result.behaviour} {result.reason}" == expected
    assert (result.detail, result.statuses) == (answer.detail, (answer.status,))
    assert store.asked.count(("rest", True)) == 0


def test_a_refused_right_login_says_nothing_of_the_counter(store: FakeStore) -> None:
    store.answers["rest"] = REFUSED
    result = ask(store, "gentle")["rest"]
    assert (result.reason, result.counter) == ("login_refused", None)


def test_a_wrong_login_that_is_not_counted_is_not_taken_for_fixed(store: FakeStore) -> None:
    store.counting = False
    store.fixed = set(ALL)
    assert set(behaviours(ask(store, "article"))) == {"not_testable counter_unmoved"}


def test_an_answer_without_a_status_has_none(store: FakeStore) -> None:
    store.answers["rest"] = answers.Answer(answers.NOT_TESTABLE, "unreachable")
    assert ask(store, "article")["rest"].statuses == ()


def test_the_account_of_a_defective_store_gets_one_wrong_login_in_all(store: FakeStore) -> None:
    for dummy in range(5):
        assert set(behaviours(ask(store, "account"))) == {"defective counter_kept"}
    assert store.failures == 1
    assert [right for dummy, right in store.asked].count(False) == 1


def test_the_account_of_a_fixed_store_is_as_before(store: FakeStore) -> None:
    store.fixed = set(ALL)
    assert set(behaviours(ask(store, "account"))) == {"fixed counter_reset"}
    assert store.asked == WRONG_AND_RIGHT
    assert store.failures == 0


def test_the_account_whose_password_is_refused_is_not_tried_again(store: FakeStore) -> None:
    store.password = "changed"

    def near(failures):
        return failures >= 4

    assert (
        behaviours(ask(store, "account", near)) == ["not_testable login_refused"] + ["not_testable account_refused"] * 2
    )
    assert store.failures == 2
    for dummy in range(9):
        ask(store, "account", near)
    assert store.failures == 4


def test_the_account_is_left_alone_as_soon_as_it_is_near_its_lockout(store: FakeStore) -> None:
    store.answers["rest"] = answers.Answer(answers.NOT_TESTABLE, "timeout")
    limits = iter([False, True, True])
    results = ask(store, "account", lambda dummy: next(limits))
    assert [result.reason for result in results.values()] == ["timeout"] + ["account_near_lockout"] * 2
    assert results["soap"].counter == 0
    assert len(store.asked) == 1
