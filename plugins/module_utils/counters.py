# Copyright (c) 2026, the storefleet.commerce authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The counters of the store's real customers: what the defect has left in them."""

from __future__ import annotations

from typing import Any, Dict

from .canary import ANY


def passive(database) -> Dict[str, Any]:
    """What the store's real customers show, read only.

    {"stuck": customers whose counter a later login should have reset, "locked": customers who are locked out now}
    """
    # A scan of all customers, so the server itself ends it when it takes long: in MariaDB's words, then in MySQL's.
    rows = database.query(
        """
        /*M! SET STATEMENT max_statement_time = 10 FOR */ SELECT /*+ MAX_EXECUTION_TIME(10000) */
            COUNT(CASE WHEN l.last_login_at > e.first_failure THEN 1 END) AS stuck,
            COUNT(CASE WHEN e.lock_expires > UTC_TIMESTAMP() THEN 1 END) AS locked
        FROM {customer_entity} e LEFT JOIN {customer_log} l ON l.customer_id = e.entity_id
        WHERE e.failures_num > 0 AND e.email NOT LIKE %s
        """,
        (ANY,),
    )
    return {"stuck": int(rows[0]["stuck"]), "locked": int(rows[0]["locked"])}
