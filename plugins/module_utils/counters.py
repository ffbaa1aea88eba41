# Copyright (c) 2026, the storefleet.commerce authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The counters of the store's real customers: what the defect has left in them, and its removal."""

from __future__ import annotations

from typing import Any, Dict, List, NamedTuple, Optional, Tuple

from .canary import ANY
from .errors import CommerceError

# A later login should have reset the counter. Where both times are of the same second, nothing says which came first.
_STUCK = "e.failures_num > 0 AND l.last_login_at > e.first_failure AND e.email NOT LIKE %s"
_LOCKED = "COALESCE(lock_expires > UTC_TIMESTAMP(), 0)"
# A scan of all customers, so the server itself ends it when it takes long: in MariaDB's words, then in MySQL's.
_SCAN = "/*M! SET STATEMENT max_statement_time = 10 FOR */ SELECT /*+ MAX_EXECUTION_TIME(10000) */"

# Rows in one statement.
_CHUNK = 500


class Counter(NamedTuple):
    """A customer's counter as it is in the database; times as "2026-01-31 12:00:00", UTC, None where there is none."""

    customer: int
    failures_num: int
    first_failure: Optional[str]
    lock_expires: Optional[str]

    def as_dict(self) -> Dict[str, Any]:
        """The parts by name."""
        return {
            "customer": self.customer,
            "failures_num": self.failures_num,
            "first_failure": self.first_failure,
            "lock_expires": self.lock_expires,
        }


class Reset(NamedTuple):
    """counters: those that are reset, or would be, as they were before. locked: stuck ones that are left alone."""

    counters: Tuple[Counter, ...]
    locked: int


def passive(database) -> Dict[str, Any]:
    """What the store's real customers show, read only.

    {"stuck": customers whose counter a later login should have reset, "locked": customers who are locked out now}
    """
    rows = database.query(
        """
        {0}
            COUNT(CASE WHEN l.last_login_at > e.first_failure THEN 1 END) AS stuck,
            COUNT(CASE WHEN {1} THEN 1 END) AS locked
        FROM {{customer_entity}} e LEFT JOIN {{customer_log}} l ON l.customer_id = e.entity_id
        WHERE e.failures_num > 0 AND e.email NOT LIKE %s
        """.format(_SCAN, _LOCKED),
        (ANY,),
    )
    return {"stuck": int(rows[0]["stuck"]), "locked": int(rows[0]["locked"])}


def reset(database, write: bool) -> Reset:
    """Reset the counters that a later login should have reset, all in one transaction; write=False only tells which.

    A customer who is locked now is left alone: a locked one cannot log in, so wrong passwords came after the last
    login. The lock ends by itself, and then the row is like the others. Throw-away customers are left alone too.
    A read-only server, and a row that somebody else holds for too long, raise CommerceError; then nothing is changed.
    """
    if write:
        database.require_writable()
    found, locked = _stuck(database)
    if not write or not found:
        return Reset(tuple(found), locked)
    done: List[Counter] = []
    with database.transaction():
        for start in range(0, len(found), _CHUNK):
            done.extend(_reset(database, [counter.customer for counter in found[start : start + _CHUNK]]))
    return Reset(tuple(done), locked)


def _stuck(database) -> Tuple[List[Counter], int]:
    # No lock is taken for the scan: without an index it would hold every customer of the store.
    rows = database.query(
        """
        {0} e.entity_id, e.failures_num, e.first_failure, e.lock_expires, {1} AS locked
        FROM {{customer_entity}} e JOIN {{customer_log}} l ON l.customer_id = e.entity_id
        WHERE {2} ORDER BY e.entity_id
        """.format(_SCAN, _LOCKED, _STUCK),
        (ANY,),
    )
    return [_counter(row) for row in rows if not row["locked"]], sum(1 for row in rows if row["locked"])


def _reset(database, customers) -> List[Counter]:
    """Those of the customers that are still stuck once their rows are ours, reset now."""
    rows = database.query(
        """
        SELECT e.entity_id, e.failures_num, e.first_failure, e.lock_expires
        FROM {{customer_entity}} e JOIN {{customer_log}} l ON l.customer_id = e.entity_id
        WHERE e.entity_id IN %s AND {0} AND NOT {1} ORDER BY e.entity_id FOR UPDATE
        """.format(_STUCK, _LOCKED),
        (customers, ANY),
    )
    counters = [_counter(row) for row in rows]
    if not counters:
        return []
    # updated_at stays: other systems take customers for edited by it.
    changed = database.execute(
        """
        UPDATE {{customer_entity}}
        SET failures_num = 0, first_failure = NULL, lock_expires = NULL, updated_at = updated_at
        WHERE entity_id IN %s AND failures_num > 0 AND first_failure IS NOT NULL AND NOT {0}
        """.format(_LOCKED),
        ([counter.customer for counter in counters],),
    )
    if changed != len(counters):
        raise CommerceError(
            "reset the counters",
            "the store's database",
            "{0} rows were to change, and {1} did".format(len(counters), changed),
            "Nothing was changed. Look for a trigger on customer_entity, then run again.",
            code="not_reset",
        )
    return counters


def _counter(row) -> Counter:
    first, expires = row["first_failure"], row["lock_expires"]
    return Counter(
        int(row["entity_id"]),
        int(row["failures_num"]),
        None if first is None else str(first),
        None if expires is None else str(expires),
    )
