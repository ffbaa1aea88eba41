# Copyright (c) 2026, the storefleet.commerce authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Whether a store is as well as it was: what is asked of it, what counts as worse, and what does not."""

from __future__ import annotations

import json
from pathlib import Path
from types import SimpleNamespace

import pytest

from ansible_collections.storefleet.commerce.plugins.module_utils import health
from ansible_collections.storefleet.commerce.plugins.module_utils.errors import CommerceError
from ansible_collections.storefleet.commerce.plugins.module_utils.health import (
    CUSTOMER_CREATION,
    HOME_PAGE,
    Health,
    Sign,
    health_from,
    take_health,
    worse,
)
from ansible_collections.storefleet.commerce.plugins.module_utils.http_node import HttpAnswer

REFUSED = HttpAnswer(400, "application/json", '{"message":"\\"%1\\" is not a valid email address."}')
CONFIG = HttpAnswer(200, "application/json", '{"data":{"storeConfig":{"code":"de"}}}')
PAGE = HttpAnswer(200, "text/html", "<h1>Home page</h1>")
TYPE_ERROR = HttpAnswer(400, "application/json", '{"message":"Type Error occurred when creating object: X"}')
REPORT = HttpAnswer(500, "text/html", "<h1>There has been an error processing your request</h1>")
AWAY = CommerceError("ask", "node", "refused", "", code="unreachable")


class Node:
    """Answers each of the three requests."""

    def __init__(self, creation=REFUSED, config=CONFIG, page=PAGE):
        self.answers = {"customers": creation, "graphql": config, "page": page}
        self.asked: list[tuple] = []
        self.closed = False

    def close(self):
        self.closed = True

    def post(self, path, body, media_type, headers=None):
        self.asked.append((path, json.loads(body), media_type, headers))
        return self._answer("graphql" if path == "graphql" else "customers")

    def get(self, path):
        self.asked.append((path,))
        return self._answer("page")

    def _answer(self, name):
        if isinstance(self.answers[name], CommerceError):
            raise self.answers[name]
        return self.answers[name]


@pytest.fixture
def take(monkeypatch: pytest.MonkeyPatch, tmp_path: Path):
    """The health of a store whose node answers so; as a journal gives it back."""

    class Database:
        def __init__(self, settings):
            if settings == "away":
                raise CommerceError("connect", "db", "the database is gone", "")

        def __enter__(self):
            return self

        def __exit__(self, *dummy):
            pass

    config = SimpleNamespace(view=lambda code: SimpleNamespace(code=code or "de"))
    monkeypatch.setattr(health, "Database", Database)
    monkeypatch.setattr(health, "ScopeConfig", lambda settings, database: config)

    def health_now(node=None, database="there", **answers) -> Health:
        node = node or Node(**answers)
        monkeypatch.setattr(health.probe, "node_for", lambda config, view, options: node)
        store = SimpleNamespace(root=str(tmp_path))
        found = take_health(store, SimpleNamespace(database=database), SimpleNamespace(store_code=None))
        return health_from(json.loads(json.dumps(found.as_dict())))

    return health_now


def test_three_things_are_asked_and_none_of_them_changes_anything(take) -> None:
    node = Node()
    found = take(node)
    creation, config, page = node.asked
    assert creation[0] == "rest/de/V1/customers"
    # Refused twice over: no store takes such an address, nor such a password.
    assert "@" not in creation[1]["customer"]["email"]
    assert len(creation[1]["password"]) == 1
    assert (config[0], config[3]) == ("graphql", {"Store": "de"})
    assert config[1]["query"].startswith("{storeConfig")
    assert page[0].startswith("?storefleet=")
    assert node.closed
    assert found.signs == {
        CUSTOMER_CREATION: Sign(400, False),
        health.STORE_CONFIG: Sign(200, False),
        HOME_PAGE: Sign(200, False),
    }


def test_each_home_page_is_one_that_no_cache_has(take) -> None:
    node = Node()
    take(node)
    take(node)
    assert node.asked[2] != node.asked[5]


@pytest.mark.parametrize(
    ("answers", "told"),
    [
        (
            {"creation": TYPE_ERROR},
            "Customer creation answers 400 with an error of Commerce; before it was: answers 400.",
        ),
        ({"creation": AWAY}, "Customer creation does not answer; before it was: answers 400."),
        ({"config": HttpAnswer(500, "", "{}")}, "StoreConfig of GraphQL answers 500; before it was: answers 200."),
        ({"config": HttpAnswer(200, "", "Internal server error")}, "StoreConfig of GraphQL answers 200 with an error"),
        ({"page": REPORT}, "The home page answers 500 with an error of Commerce; before it was: answers 200."),
        ({"page": HttpAnswer(404, "", "")}, "The home page answers 404; before it was: answers 200."),
        ({"page": HttpAnswer(200, "", "Error log record number: 1")}, "The home page answers 200 with an error"),
    ],
)
def test_what_has_become_worse_is_told(take, answers: dict, told: str) -> None:
    found = worse(take(), take(**answers))
    assert len(found) == 1
    assert found[0].startswith(told)


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ({}, {}),
        ({"creation": HttpAnswer(404, "", "closed")}, {"creation": HttpAnswer(403, "", "closed")}),
        ({"page": REPORT}, {"page": REPORT}),
        ({"page": REPORT}, {"page": PAGE}),
        ({"page": AWAY}, {"page": REPORT}),
        ({"creation": TYPE_ERROR}, {"creation": REFUSED}),
        ({"page": PAGE}, {"page": HttpAnswer(302, "", "")}),
    ],
)
def test_what_was_so_before_or_is_no_failure_does_not_count(take, before: dict, after: dict) -> None:
    assert worse(take(**before), take(**after)) == ()


def test_a_store_that_cannot_be_asked_any_more_is_worse(take) -> None:
    assert worse(take(), take(database="away")) == ("It cannot be asked any more: the database is gone.",)
    assert worse(take(database="away"), take(database="away")) == ()
    assert worse(take(database="away"), take(creation=TYPE_ERROR)) == ()
    assert take(database=None).unasked == "app/etc/env.php names no database"


def test_what_the_store_writes_down_counts_too(take, tmp_path: Path) -> None:
    before = take()
    (tmp_path / "var/log").mkdir(parents=True)
    (tmp_path / "var/log/exception.log").write_text("[2026-11-23 18:40:04] main.CRITICAL: secret\n")
    (tmp_path / "var/report").mkdir()
    (tmp_path / "var/report/1").write_text("{}")
    found = worse(before, take())
    assert found == (
        "1 new exception in var/log/exception.log, the first of them an error.",
        "1 new error report in var/report.",
    )
