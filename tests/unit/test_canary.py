# Copyright (c) 2026, the storefleet.commerce authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The throw-away customer: its row, its removal, and which leftovers are swept."""

from __future__ import annotations

import hashlib
from types import SimpleNamespace

import pytest

from ansible_collections.storefleet.commerce.plugins.module_utils import canary, canary_schema
from ansible_collections.storefleet.commerce.plugins.module_utils.canary_schema import Schema
from ansible_collections.storefleet.commerce.plugins.module_utils.errors import CommerceError
from ansible_collections.storefleet.commerce.plugins.module_utils.scope_config import StoreView

VIEW = StoreView(store_id=3, code="de", name="Deutsch", website_id=2, website_code="europe")
CONFIG = SimpleNamespace(number=lambda *dummy: 4)
TABLES = frozenset(
    {name for name, dummy in canary_schema.TRACES} | {canary_schema.REQUEST_LOG, canary_schema.EXCLUSIONS}
)
SCHEMA = Schema(TABLES)
CUSTOMER = canary.Canary(7, "a@example.com", "p")


class FakeDatabase:
    """Keeps every statement, and answers queries by a word in them."""

    def __init__(self, **answers: list[dict]) -> None:
        self.answers = {"GET_LOCK": [{"held": 1, "id": 2}], **answers}
        self.statements: list[tuple[str, tuple]] = []
        self.cluster = "OFF"
        self.fails = 0
        self.connects = 0

    def query(self, sql, args=()):
        self.statements.append((" ".join(sql.split()), args))
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

    def variable(self, dummy):
        return self.cluster

    def connect(self):
        self.connects += 1

    def sent(self, start: str) -> list[tuple]:
        return [args for sql, args in self.statements if sql.startswith(start)]


def test_the_row_is_that_of_the_view_and_its_password_is_right() -> None:
    database = FakeDatabase()
    customer = canary.create(database, CONFIG, VIEW, SCHEMA, 1)
    website, email, group, store, created_in, stored, *failures = database.sent("INSERT INTO {customer_entity}")[0]
    assert (website, group, store, created_in, failures) == (2, 2, 3, "Deutsch", [1, 1])
    assert (email, customer.customer_id) == (customer.email, 7)
    assert email.startswith("storefleet-canary-")
    digest, salt, version = stored.split(":")
    assert version == "1"
    assert digest == hashlib.sha256((salt + customer.password).encode()).hexdigest()
    assert customer.password not in repr(customer)


def test_every_column_of_the_row_is_known_to_the_look_at_the_schema() -> None:
    database = FakeDatabase()
    canary.create(database, CONFIG, VIEW, SCHEMA)
    statement = next(sql for sql, dummy in database.statements if sql.startswith("INSERT"))
    assert statement.partition("(")[2].partition(")")[0].split(", ") == list(canary_schema.COLUMNS)


def test_the_lock_is_taken_before_the_row_is_there() -> None:
    database = FakeDatabase()
    customer = canary.create(database, CONFIG, VIEW, SCHEMA)
    assert [sql.split()[0] for sql, dummy in database.statements] == ["SELECT", "INSERT"]
    assert database.statements[0][1] == (customer.email.partition("@")[0], 2, 4)


def test_a_group_that_the_website_excludes_is_not_asked_for_where_nobody_can_exclude_it() -> None:
    for tables, excluding in ((TABLES, True), (TABLES - {canary_schema.EXCLUSIONS}, False)):
        database = FakeDatabase()
        canary.create(database, CONFIG, VIEW, Schema(tables))
        assert ("{customer_group_excluded_website}" in database.statements[0][0]) is excluding


def test_a_website_that_excludes_every_group_is_named() -> None:
    database = FakeDatabase(GET_LOCK=[{"held": 1, "id": None}])
    with pytest.raises(CommerceError, match="europe") as refused:
        canary.create(database, CONFIG, VIEW, SCHEMA)
    assert refused.value.code == "no_customer_group"
    assert not database.sent("INSERT")


def test_a_column_that_somebody_added_and_that_wants_a_value_is_named() -> None:
    database = FakeDatabase()
    with pytest.raises(CommerceError, match="erp_id") as refused:
        canary.create(database, CONFIG, VIEW, Schema(TABLES, required=("erp_id",)))
    assert refused.value.code == "foreign_column"
    assert database.statements == []


def test_it_is_removed_from_every_table_that_exists_at_once() -> None:
    database = FakeDatabase()
    schema = Schema(frozenset({"customer_log", canary_schema.REQUEST_LOG}), changelogs=("m2_customer_grid_cl",))
    canary.remove(database, CUSTOMER, schema)
    joins = (
        " LEFT JOIN {customer_entity} customer ON customer.entity_id = %s AND customer.email = %s"
        " LEFT JOIN {customer_log} AS of_customer_log ON of_customer_log.customer_id = %s"
        " LEFT JOIN {oauth_token_request_log} request ON request.user_name = %s AND request.user_type = %s"
    )
    assert database.statements == [
        (
            "DELETE customer, of_customer_log, request FROM (SELECT 1) one" + joins,
            [7, "a@example.com", 7, "a@example.com", canary.CUSTOMER],
        ),
        ("DELETE FROM `m2_customer_grid_cl` WHERE entity_id = %s", (7,)),
    ]


def test_no_table_of_traces_is_left_out() -> None:
    database = FakeDatabase()
    canary.remove(database, CUSTOMER, SCHEMA)
    for name, column in canary_schema.TRACES:
        assert f"{{{name}}} AS of_{name} ON of_{name}.{column} = %s" in database.statements[0][0]


def test_it_is_removed_over_a_new_connection_when_the_old_one_is_gone() -> None:
    database = FakeDatabase()
    database.fails = 1
    canary.remove(database, CUSTOMER, SCHEMA)
    assert database.connects == 1
    assert len(database.sent("DELETE")) == 1


def test_what_cannot_be_removed_is_told_without_naming_it() -> None:
    database = FakeDatabase()
    database.fails = 2
    with pytest.raises(CommerceError) as left:
        canary.remove(database, CUSTOMER, SCHEMA)
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
    assert canary.sweep(database, SCHEMA) == int(swept)
    assert [args[:2] for args in database.sent("DELETE")] == [[9, "storefleet-canary-9@example.com"]] * swept


@pytest.mark.parametrize(("holder", "deleted"), [(None, 1), (12, 0)])
@pytest.mark.parametrize("cluster", ["ON", "OFF"])
def test_a_name_that_was_logged_too_late_is_swept_and_nobody_elses_rows_are(holder, deleted: int, cluster: str) -> None:
    living = {"entity_id": 8, "email": "storefleet-canary-8@example.com", "age": 1, "holder": 12}
    logged = {"entity_id": None, "email": "storefleet-canary-9@example.com", "age": None, "holder": holder}
    database = FakeDatabase(IS_USED_LOCK=[living, logged])
    database.cluster = cluster
    assert canary.sweep(database, SCHEMA) == 0
    statements = database.sent("DELETE")
    assert len(statements) == deleted
    # NULL is equal to no row's id; 0 is that of what guests leave.
    assert "UNION ALL SELECT NULL, user_name" in database.statements[0][0]
    assert all(args[0] is None for args in statements)


def test_a_store_without_a_log_of_requests_is_not_asked_for_it() -> None:
    database = FakeDatabase()
    canary.sweep(database, Schema())
    assert "oauth_token_request_log" not in database.statements[0][0]
    assert len(database.statements) == 1


def test_a_customer_that_somebody_else_deleted_is_an_error() -> None:
    with pytest.raises(CommerceError) as gone:
        canary.failures(FakeDatabase(), 7)
    assert gone.value.code == "canary_gone"
