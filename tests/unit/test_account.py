# Copyright (c) 2026, the storefleet.commerce authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The operator's own customer: which row it is, whether it can log in, and when it is left alone."""

from __future__ import annotations

import pytest

from ansible_collections.storefleet.commerce.plugins.module_utils import account, scope_config
from ansible_collections.storefleet.commerce.plugins.module_utils.errors import CommerceError
from ansible_collections.storefleet.commerce.plugins.module_utils.scope_config import StoreView

VIEW = StoreView(store_id=3, code="de", name="Deutsch", website_id=2, website_code="europe")
ROW = {"entity_id": 5, "is_active": 1, "confirmation": None, "failures_num": 2, "locked": None}


class FakeConfig:
    def __init__(self, **values: int) -> None:
        self.values = {
            scope_config.ACCOUNT_SHARE: values.get("share", 1),
            scope_config.LOCKOUT_FAILURES: values.get("lockout", 10),
            scope_config.THROTTLE_FAILURES: values.get("throttle", 6),
        }

    def number(self, path):
        return self.values[path]


class FakeDatabase:
    def __init__(self, *rows: dict) -> None:
        self.rows = list(rows)
        self.asked: list[tuple[str, tuple]] = []

    def query(self, sql, args=()):
        self.asked.append((sql, args))
        return self.rows


def find(database: FakeDatabase, **values: int):
    return account.find(database, FakeConfig(**values), VIEW, "a@example.com", "s3cret")


def test_the_customer_is_that_of_the_website() -> None:
    database = FakeDatabase(ROW)
    assert find(database) == (account.Account(5, "a@example.com", "s3cret"), 2)
    assert database.asked[0][1] == ("a@example.com", 2)
    assert "website_id = %s" in database.asked[0][0]


def test_shared_accounts_are_of_every_website() -> None:
    database = FakeDatabase(ROW)
    find(database, share=0)
    assert database.asked[0][1] == ("a@example.com",)
    assert "website_id" not in database.asked[0][0]


@pytest.mark.parametrize(
    ("rows", "code"),
    [
        ([], "account_missing"),
        ([dict(ROW, locked=1)], "account_locked"),
        ([dict(ROW, is_active=0)], "account_disabled"),
        ([dict(ROW, confirmation="x7")], "account_unconfirmed"),
    ],
)
def test_one_that_cannot_log_in_is_refused(rows, code: str) -> None:
    with pytest.raises(CommerceError) as refused:
        find(FakeDatabase(*rows))
    assert refused.value.code == code
    assert "a@example.com" not in str(refused.value)


def test_a_lock_that_is_over_and_a_counter_that_is_none_do_not_matter() -> None:
    assert find(FakeDatabase(dict(ROW, locked=0, failures_num=None)))[1] == 0


def test_neither_address_nor_password_are_in_its_text() -> None:
    text = repr(account.Account(5, "a@example.com", "s3cret"))
    assert "s3cret" not in text
    assert "a@" not in text


@pytest.mark.parametrize(
    ("failures", "limits", "near"),
    [
        (0, {}, False),
        (3, {}, False),
        (4, {}, True),
        (7, {"throttle": 20}, False),
        (8, {"throttle": 20}, True),
        (0, {"lockout": 2}, True),
        (0, {"lockout": 3}, False),
    ],
)
def test_some_failures_are_left_to_its_owner(failures: int, limits: dict, near: bool) -> None:
    assert account.near_lockout(FakeConfig(**limits), failures) is near
