# Copyright (c) 2026, the storefleet.commerce authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The throw-away customer: its row, its removal, and which leftovers are swept."""

from __future__ import annotations

import hashlib
from contextlib import contextmanager
from types import SimpleNamespace

import pytest

from ansible_collections.storefleet.commerce.plugins.module_utils import canary
from ansible_collections.storefleet.commerce.plugins.module_utils.errors import CommerceError
from ansible_collections.storefleet.commerce.plugins.module_utils.scope_config import StoreView

VIEW = StoreView(store_id=3, code="de", name="Deutsch", website_id=2, website_code="europe")
CONFIG = SimpleNamespace(number=lambda *dummy: 1)
ALL_TABLES = {name for name, dummy in canary.TRACES} | {canary.REQUEST_LOG, canary.EXCLUSIONS}


class FakeDatabase:
    """Keeps every statement, and answers queries by a word in them."""

    def __init__(self, **answers: list[dict]) -> None:
        self.answers = {"customer_group WHERE": [{"id": 1}, {"id": 0}], **answers}
        self.statements: list[tuple[str, tuple]] = []
        self.existing = ALL_TABLES
        self.cluster = "OFF"
        self.fails = 0
        self.connects = 0

    def query(self, sql, args=()):
        self.statements.append((" ".join(sql.split()), args))
        sql = sql.replace("{", "").replace("}", "")
        return next((rows for word, rows in self.answers.items() if word in sql), [])

    def execute(self, sql, args=()):
        if self.fails:
            self.fails -= 1
            raise CommerceError("run DELETE", "db", "gone away", "Later.", code="database_error")
        self.statements.append((" ".join(sql.split()), args))
        return 1

    def insert(self, sql, args=()):
        self.execute(sql, args)
        return 7

    @contextmanager
    def transaction(self):
        self.execute("START")
        yield
        self.execute("COMMIT")

    def tables(self, names):
        return self.existing & set(names)

    def variable(self, dummy):
        return self.cluster

    def connect(self):
        self.connects += 1

    def sent(self, start: str) -> list[tuple]:
        return [args for sql, args in self.statements if sql.startswith(start)]


def test_the_row_is_that_of_the_view_and_its_password_is_right() -> None:
    database = FakeDatabase()
    customer = canary.create(database, CONFIG, VIEW)
    website, email, group, store, created_in, stored = database.sent("INSERT INTO {customer_entity}")[0]
    assert (website, group, store, created_in) == (2, 1, 3, "Deutsch")
    assert email == customer.email
    assert email.startswith("storefleet-canary-")
    digest, salt, version = stored.split(":")
    assert version == "1"
    assert digest == hashlib.sha256((salt + customer.password).encode()).hexdigest()
    assert customer.password not in repr(customer)


def test_the_lock_is_taken_before_the_row_is_there() -> None:
    database = FakeDatabase()
    customer = canary.create(database, CONFIG, VIEW)
    assert database.sent("SELECT GET_LOCK") == [(customer.email.partition("@")[0],)]
    order = [sql.split()[0] for sql, dummy in database.statements if "GET_LOCK" in sql or sql.startswith("INSERT")]
    assert order == ["SELECT", "INSERT"]


def test_a_group_that_the_website_excludes_is_not_taken() -> None:
    database = FakeDatabase(
        **{"customer_group_excluded_website": [{"id": 1}], "customer_group WHERE": [{"id": 1}, {"id": 2}]}
    )
    canary.create(database, CONFIG, VIEW)
    assert database.sent("INSERT")[0][2] == 2


def test_a_website_that_excludes_every_group_is_named() -> None:
    database = FakeDatabase(**{"customer_group_excluded_website": [{"id": 1}], "customer_group WHERE": [{"id": 1}]})
    with pytest.raises(CommerceError, match="europe") as refused:
        canary.create(database, CONFIG, VIEW)
    assert refused.value.code == "no_customer_group"


def test_it_is_removed_from_every_table_that_exists() -> None:
    database = FakeDatabase()
    database.existing = {"customer_log", canary.REQUEST_LOG}
    canary.remove(database, canary.Canary(7, "a@example.com", "p"))
    assert [(sql, args) for sql, args in database.statements if sql.startswith("DELETE")] == [
        ("DELETE FROM {customer_entity} WHERE entity_id IN %s AND email IN %s", ([7], ["a@example.com"])),
        ("DELETE FROM {customer_log} WHERE customer_id IN %s", ([7],)),
        (
            "DELETE FROM {oauth_token_request_log} WHERE user_name IN %s AND user_type = %s",
            (["a@example.com"], canary.CUSTOMER),
        ),
    ]


def test_it_is_removed_over_a_new_connection_when_the_old_one_is_gone() -> None:
    database = FakeDatabase()
    database.fails = 1
    canary.remove(database, canary.Canary(7, "a@example.com", "p"))
    assert database.connects == 1
    assert database.sent("DELETE FROM {customer_entity}") == [([7], ["a@example.com"])]


def test_what_cannot_be_removed_is_told_without_naming_it() -> None:
    database = FakeDatabase()
    database.fails = 2
    with pytest.raises(CommerceError) as left:
        canary.remove(database, canary.Canary(7, "a@example.com", "p"))
    assert left.value.code == canary.LEFT
    assert "a@example.com" not in str(left.value)


@pytest.mark.parametrize(
    ("holder", "age", "cluster", "swept"),
    [
        (None, 1, "OFF", True),
        (None, 1, None, True),
        (12, 99999, "OFF", False),
        (None, 1, "ON", False),
        (None, 3601, "ON", True),
    ],
)
def test_only_what_no_living_run_holds_is_swept(holder, age, cluster, swept) -> None:
    rows = [{"entity_id": 9, "email": "storefleet-canary-9@example.com", "age": age, "holder": holder}]
    database = FakeDatabase(IS_USED_LOCK=rows)
    database.cluster = cluster
    assert canary.sweep(database) == int(swept)
    assert bool(database.sent("DELETE FROM {customer_entity}")) is swept


def test_a_customer_that_somebody_else_deleted_is_an_error() -> None:
    with pytest.raises(CommerceError) as gone:
        canary.failures(FakeDatabase(), canary.Canary(7, "a@example.com", "p"))
    assert gone.value.code == "canary_gone"
