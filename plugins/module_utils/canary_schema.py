# Copyright (c) 2026, the storefleet.commerce authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The tables that a throw-away customer touches, and what somebody added to them."""

from __future__ import annotations

import re
from typing import FrozenSet, NamedTuple, Tuple

# Tables in which a login or an indexer may leave a row of the customer, and the column that holds its id.
TRACES = (
    ("customer_log", "customer_id"),
    ("customer_grid_flat", "entity_id"),
    ("persistent_session", "customer_id"),
    ("customer_visitor", "customer_id"),
)
REQUEST_LOG = "oauth_token_request_log"
EXCLUSIONS = "customer_group_excluded_website"

COLUMNS = (
    "website_id",
    "email",
    "group_id",
    "store_id",
    "created_in",
    "is_active",
    "disable_auto_group_change",
    "firstname",
    "lastname",
    "password_hash",
    "failures_num",
    "first_failure",
)

# What Commerce's own triggers on customer_entity write to: the changelog of an index that is updated on schedule.
_CHANGELOG = re.compile(r"INTO\s+`(\w+_cl)`\s*\(`entity_id`\)", re.IGNORECASE)


class Schema(NamedTuple):
    """What the database has of all that a throw-away customer touches.

    tables: those of TRACES, REQUEST_LOG and EXCLUSIONS that exist. required: columns of the customer that somebody
    added and that want a value. changelogs: tables that Commerce's triggers write its id to, with the prefix.
    triggers: the names of other triggers that it sets off.
    """

    tables: FrozenSet[str] = frozenset()
    required: Tuple[str, ...] = ()
    changelogs: Tuple[str, ...] = ()
    triggers: Tuple[str, ...] = ()


def survey(database) -> Schema:
    """Look at the database's schema, in one query."""
    prefix, customers = (database.table(name).strip("`") for name in ("", "customer_entity"))
    names = [name for name, dummy in TRACES] + [REQUEST_LOG, EXCLUSIONS]
    rows = database.query(
        """
        SELECT 'table' AS kind, table_name AS name, '' AS statement FROM information_schema.tables
        WHERE table_schema = DATABASE() AND table_name IN %s
        UNION ALL SELECT 'column', column_name, '' FROM information_schema.columns
        WHERE table_schema = DATABASE() AND table_name = %s AND is_nullable = 'NO' AND column_default IS NULL
            AND extra = '' AND column_name NOT IN %s
        UNION ALL SELECT 'trigger', trigger_name, action_statement FROM information_schema.triggers
        WHERE event_object_schema = DATABASE() AND event_object_table = %s
        """,
        ([prefix + name for name in names], customers, COLUMNS, customers),
    )
    triggers = {row["name"]: _CHANGELOG.findall(row["statement"]) for row in rows if row["kind"] == "trigger"}
    return Schema(
        frozenset(row["name"][len(prefix) :] for row in rows if row["kind"] == "table"),
        tuple(sorted(row["name"] for row in rows if row["kind"] == "column")),
        tuple(sorted({table for tables in triggers.values() for table in tables})),
        tuple(sorted(name for name, tables in triggers.items() if not tables)),
    )
