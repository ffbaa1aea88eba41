# Copyright (c) 2026, the storefleet.commerce authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The probe against a store of this test's own: what it asks, what it concludes, and that nothing stays."""

from __future__ import annotations

import os
import signal
from contextlib import contextmanager
from types import SimpleNamespace

import pytest

from ansible_collections.storefleet.commerce.plugins.module_utils import (
    account,
    answers,
    canary,
    canary_schema,
    counters,
    http_address,
    http_node,
    probe,
    scope_config,
    tokens,
)
from ansible_collections.storefleet.commerce.plugins.module_utils.errors import CommerceError
from ansible_collections.storefleet.commerce.plugins.module_utils.probe_options import ProbeOptions
from ansible_collections.storefleet.commerce.plugins.module_utils.probe_result import ProbeResult, not_run

GRANTED = answers.Answer(answers.GRANTED, "granted", 200)
REFUSED = answers.Answer(answers.REFUSED, "refused", 401)
CLOSED = answers.Answer(answers.CLOSED, "closed_by_server", 404)
BROKEN = answers.Answer(answers.BROKEN, "error", 400, "Type Error")


SCHEMA = canary_schema.Schema(triggers=("erp_sync",))


NODE = SimpleNamespace(close=lambda: None, address=http_address.address_of("http://store.example/"))


class FakeStore:
    """A database with one customer, configuration and the APIs on top of it, in place of probe's collaborators."""

    def __init__(self) -> None:
        self.customers: dict[int, dict] = {}
        self.config = dict(scope_config.SHIPPED, **{scope_config.SECURE_BASE_URL: "http://store.example/"})
        self.fixed: set[str] = set()
        self.answers: dict[str, answers.Answer] = {}
        self.asked: list[tuple[str, bool]] = []
        self.counting = True
        self.writable = True
        self.removable = True
        self.commerce = True
        self.before_answer = lambda: None
        self.may_write = True
        self.refusal = "read_only"

    # What probe calls, in place of canary's functions.
    def create(self, dummy_database, dummy_config, dummy_view, schema, failures_num) -> canary.Canary:
        assert schema == SCHEMA
        customer = canary.Canary(7, "storefleet-canary-7@example.com", "right")
        self.customers[7] = {"failures": failures_num}
        return customer

    def remove(self, dummy_database, customer, dummy_schema) -> None:
        if not self.removable:
            raise CommerceError("delete", "the database", "gone", "Later.", code=canary.LEFT)
        del self.customers[customer.customer_id]

    def failures(self, dummy_database, customer_id) -> int:
        return self.customers[customer_id]["failures"]

    def set_failures(self, dummy_database, customer_id, number) -> None:
        assert self.may_write, "written to by SQL"
        self.customers[customer_id]["failures"] = number

    def request(self, dummy_node, api, dummy_email, password, store_code) -> answers.Answer:
        assert store_code == "de"
        self.before_answer()
        self.asked.append((api, password == "right"))
        if api in self.answers:
            return self.answers[api]
        customer = self.customers[7]
        if password != "right":
            customer["failures"] += int(self.counting)
            return REFUSED
        if api in self.fixed:
            customer["failures"] = 0
        return GRANTED

    def find(self, dummy_database, dummy_config, view, email, password):
        self.may_write = False
        self.customers.setdefault(7, {"failures": 0})
        assert (view.code, email, password) == ("de", "a@example.com", "right")
        return account.Account(7, email, password), self.customers[7]["failures"]

    def require_writable(self) -> None:
        if not self.writable:
            raise CommerceError("write", "db:3306", "the server is read-only", "Elsewhere.", code=self.refusal)

    def close(self) -> None:
        pass


@pytest.fixture
def store(monkeypatch: pytest.MonkeyPatch) -> FakeStore:
    fake = FakeStore()

    @contextmanager
    def connected(settings):
        if settings == "away":
            raise CommerceError("connect", "db:3306", "no connection", "Check it.", code="database_away")
        yield fake

    view = scope_config.StoreView(2, "de", "Deutsch", 1, "base")
    config = SimpleNamespace(
        value=lambda path, dummy=None: fake.config[path],
        number=lambda path, dummy=None: int(fake.config[path]),
        view=lambda dummy: view,
        base_url=lambda dummy: fake.config[scope_config.SECURE_BASE_URL],
    )
    monkeypatch.setattr(probe, "Database", connected)
    monkeypatch.setattr(probe, "ScopeConfig", lambda *dummy: config)
    monkeypatch.setattr(tokens, "request", fake.request)
    monkeypatch.setattr(tokens, "is_commerce", lambda dummy: fake.commerce)
    monkeypatch.setattr(canary_schema, "survey", lambda dummy: SCHEMA)
    monkeypatch.setattr(canary, "sweep", lambda *dummy: 2)
    monkeypatch.setattr(account, "find", fake.find)
    monkeypatch.setattr(counters, "passive", lambda dummy: {"stuck": 4, "locked": 1})
    for name in ("create", "remove", "failures", "set_failures"):
        monkeypatch.setattr(canary, name, getattr(fake, name))
    return fake


def run(options: ProbeOptions | None = None, maintenance: bool = False, database: str | None = "there"):
    place = SimpleNamespace(root="/srv/store", maintenance=maintenance)
    return probe.run(place, SimpleNamespace(database=database), options or ProbeOptions())


def behaviours(result: ProbeResult) -> dict[str, str]:
    return {name: api.behaviour for name, api in result.apis.items()}


def test_the_result_of_a_store(store: FakeStore) -> None:
    store.fixed = {"rest", "soap"}
    result = run()
    assert behaviours(result) == {"rest": "fixed", "graphql": "defective", "soap": "fixed"}
    assert result.passive == {"stuck": 4, "locked": 1}
    assert (result.swept, result.store_code, result.base_url) == (2, "de", "http://store.example/")
    assert (result.node, result.route) == ("http://127.0.0.1:80/", "base_url")
    assert result.notes == ("The trigger erp_sync ran for the throw-away customer.",)
    assert result.bad
    assert store.customers == {}


def test_the_node_is_asked_as_the_options_say(store: FakeStore, monkeypatch: pytest.MonkeyPatch) -> None:
    nodes = []
    monkeypatch.setattr(probe, "Node", lambda *args: nodes.append(args) or NODE)
    store.config[scope_config.OFFLOADER_HEADER] = "X-Tls"
    run(ProbeOptions(base_url="https://a/", connect_to="b", validate_certs=False, ca_path="/c", headers={"X": "1"}))
    run(ProbeOptions(url_username="op", url_password="word"))
    access = http_node.Access(False, "/c", "X-Tls", None, None, {"X": "1"})
    assert nodes[0] == ("https://a/", "b", access)
    assert nodes[1] == ("http://store.example/", None, http_node.Access(True, None, "X-Tls", "op", "word", {}))


def test_apis_that_nobody_asked_for_are_not_run(store: FakeStore) -> None:
    result = run(ProbeOptions(apis=("soap",)))
    assert behaviours(result) == {"rest": "not_run", "graphql": "not_run", "soap": "defective"}
    assert not result._replace(apis={"rest": result.apis["rest"]}).bad


def test_all_closed_is_believed_of_commerce_only(store: FakeStore) -> None:
    store.answers = dict.fromkeys(("rest", "graphql", "soap"), CLOSED)
    assert set(behaviours(run()).values()) == {"closed"}
    store.commerce = False
    assert {api.reason for api in run().apis.values()} == {"not_the_store"}
    del store.answers["soap"]
    assert behaviours(run()) == {"rest": "closed", "graphql": "closed", "soap": "defective"}


def account_options(**others) -> ProbeOptions:
    return ProbeOptions(form="account", account_email="a@example.com", account_password="right", **others)


def test_the_account_is_only_read_and_stays(store: FakeStore) -> None:
    store.fixed = {"soap"}
    store.writable, store.refusal = False, "not_allowed"
    result = run(account_options())
    assert behaviours(result) == {"rest": "defective", "graphql": "defective", "soap": "fixed"}
    assert (result.swept, result.notes, result.form) == (0, (), "account")
    assert store.asked == [("rest", False), ("rest", True), ("graphql", True), ("soap", True)]
    assert store.customers == {7: {"failures": 0}}


def test_an_account_near_its_lockout_is_left_alone(store: FakeStore) -> None:
    store.customers[7] = {"failures": 4}
    assert {api.reason for api in run(account_options()).apis.values()} == {"account_near_lockout"}
    assert store.asked == []


def test_an_account_is_not_asked_for_at_a_replica(store: FakeStore) -> None:
    store.writable = False
    assert run(account_options()).apis["rest"].reason == "read_only"


def test_an_account_gets_no_wrong_login_where_one_locks_it_out(store: FakeStore) -> None:
    store.config[scope_config.THROTTLE_FAILURES] = "1"
    assert run(account_options()).apis["rest"].reason == "throttled"
    assert store.asked == []


def test_a_closed_store_is_believed_of_commerce_only_for_an_account_too(store: FakeStore) -> None:
    store.answers = {"rest": CLOSED}
    store.commerce = False
    assert run(account_options(apis=("rest",))).apis["rest"].reason == "not_the_store"


@pytest.mark.parametrize(
    ("path", "value", "reason"),
    [
        (scope_config.LOCKOUT_FAILURES, "0", "lockout_disabled"),
        (scope_config.LOCKOUT_THRESHOLD, "0", "lockout_disabled"),
        (scope_config.THROTTLE_FAILURES, "1", "throttled"),
        (scope_config.RECAPTCHA_LOGIN, "invisible", "recaptcha"),
    ],
)
def test_settings_under_which_nothing_can_be_told(store: FakeStore, path: str, value: str, reason: str) -> None:
    store.config[path] = value
    assert {api.reason for api in run().apis.values()} == {reason}
    assert store.asked == []


def test_gentle_does_not_mind_the_throttle(store: FakeStore) -> None:
    store.config[scope_config.THROTTLE_FAILURES] = "1"
    assert behaviours(run(ProbeOptions(form="gentle")))["rest"] == "defective"


def test_a_store_that_cannot_be_probed_is_a_result(store: FakeStore) -> None:
    assert run(maintenance=True).apis["rest"].reason == "maintenance"
    assert run(database=None).apis["rest"].reason == "no_database"
    assert run(database="away").apis["rest"].reason == "database_away"
    store.writable = False
    assert run().apis["rest"].reason == "read_only"
    assert run(maintenance=True).passive == {"stuck": 4, "locked": 1}
    assert store.asked == []


def test_the_customer_is_gone_after_an_error(store: FakeStore) -> None:
    def fail() -> None:
        raise CommerceError("read", "the database", "gone away", "Later.", code="database_error")

    store.before_answer = fail
    assert run().apis["rest"].reason == "database_error"
    assert store.customers == {}


def test_a_customer_that_cannot_be_removed_is_an_error(store: FakeStore) -> None:
    store.removable = False
    with pytest.raises(CommerceError) as failed:
        run()
    assert failed.value.code == canary.LEFT


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT, signal.SIGHUP])
def test_a_signal_ends_the_probe_with_the_customer_gone(store: FakeStore, number: signal.Signals) -> None:
    store.before_answer = lambda: os.kill(os.getpid(), number)
    before = signal.signal(number, signal.SIG_IGN)
    try:
        with pytest.raises(CommerceError) as ended:
            run()
        assert signal.getsignal(number) == signal.SIG_IGN
    finally:
        signal.signal(number, before)
    assert ended.value.code == "interrupted"
    assert store.customers == {}


def test_a_signal_while_the_customer_is_made_waits_until_it_can_be_removed(store: FakeStore, monkeypatch) -> None:
    def create(*arguments) -> canary.Canary:
        customer = store.create(*arguments)
        os.kill(os.getpid(), signal.SIGTERM)
        return customer

    monkeypatch.setattr(canary, "create", create)
    with pytest.raises(CommerceError) as ended:
        run()
    assert ended.value.code == "interrupted"
    assert (store.customers, store.asked) == ({}, [])


def test_result_has_all_keys_and_names_nobody(store: FakeStore) -> None:
    shown = run().as_dict()
    assert set(shown) == {"form", "apis", "passive", "base_url", "store_code", "node", "route", "swept", "notes"}
    assert set(shown["apis"]["rest"]) == {"behaviour", "reason", "detail", "statuses", "counter"}
    assert "canary" not in str(shown)
    assert set(not_run("gentle", "check_mode").as_dict()) == set(shown)
