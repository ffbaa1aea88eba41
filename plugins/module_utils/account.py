# Copyright (c) 2026, the storefleet.commerce authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The operator's own test customer, for stores in which nobody may make one: read by SQL, changed by logins alone.

It is never locked by us. A wrong login is made only while its counter is 0, so that no audit, however often it runs on
a defective store, makes it more than 1. A right login that is refused counts too: after one the others are not asked,
and an account that two more failures might lock is left alone.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Tuple

from .errors import CommerceError
from .scope_config import ACCOUNT_SHARE, LOCKOUT_FAILURES, THROTTLE_FAILURES

# How many failures are always left to the account's owner.
RESERVE = 2


@dataclass(frozen=True)
class Account:
    """A customer of the store that logs in for the probe."""

    customer_id: int
    email: str = field(repr=False)
    password: str = field(repr=False)


def find(database, config, view, email: str, password: str) -> Tuple[Account, int]:
    """The customer of that address in a store view (scope_config.StoreView), and its counter.

    One that is not there or cannot log in raises CommerceError account_missing, account_locked, account_disabled or
    account_unconfirmed.
    """
    sql = """
        SELECT entity_id, is_active, confirmation, failures_num, lock_expires > UTC_TIMESTAMP() AS locked
        FROM {customer_entity} WHERE email = %s
        """
    rows = (
        database.query(sql + "AND website_id = %s", (email, view.website_id))
        if config.number(ACCOUNT_SHARE)
        else database.query(sql, (email,))
    )
    if not rows:
        raise _unfit("no customer of the website {0} has it".format(view.website_code), "account_missing")
    row = rows[0]
    if row["locked"]:
        raise _unfit("the customer is locked after failed logins", "account_locked")
    if not row["is_active"]:
        raise _unfit("the customer is disabled", "account_disabled")
    if row["confirmation"]:
        raise _unfit("the customer's address is not confirmed", "account_unconfirmed")
    return Account(int(row["entity_id"]), email, password), int(row["failures_num"] or 0)


def near_lockout(config, failures_num: int) -> bool:
    """Whether a few more failures might lock an account with that counter, or its way through the APIs.

    Both limits are read at default scope. The APIs count on their own, but not more than this counter does.
    """
    limits = (config.number(LOCKOUT_FAILURES), config.number(THROTTLE_FAILURES))
    return failures_num + RESERVE >= min(limits)


def _unfit(came_back, code):
    return CommerceError(
        "log in with the test customer of account_email",
        "the store's database",
        came_back,
        "Make it a customer who can log in, or name another one.",
        code=code,
    )
