# Copyright (c) 2026, the storefleet.commerce authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The throw-away customer: made by SQL, counted, removed without trace; and the removal of what a crashed run left.

Tables and columns are those of Commerce 2.4.6. The customer is never saved by Commerce, so no mail is sent and no
observer of a customer's creation runs.
"""

from __future__ import annotations

import hashlib
import secrets
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Iterator, List, Optional

from . import interruptions
from .canary_schema import EXCLUSIONS, REQUEST_LOG, TRACES, Schema
from .errors import CommerceError
from .scope_config import DEFAULT_GROUP

PREFIX = "storefleet-canary-"
DOMAIN = "example.com"
ANY = PREFIX + "%@" + DOMAIN
# The user_type of customers in oauth_token_request_log.
CUSTOMER = 2

# The code of the error that a throw-away customer could not be deleted.
LEFT = "canary_left"

# With a cluster's locks each node knows its own only: there age alone tells a dead run.
CLUSTER_SECONDS = 3600


@dataclass(frozen=True)
class Canary:
    """A throw-away customer. Its e-mail address is also the name of the lock that is held as long as its run lives."""

    customer_id: int
    email: str
    password: str = field(repr=False)


def create(database, config, view, schema: Schema, failures_num: int = 0) -> Canary:
    """Insert a customer of a store view (scope_config.StoreView) whose counter is failures_num.

    database: a database.Database that stays connected until remove(); config: scope_config.ScopeConfig.
    """
    if schema.required:
        raise CommerceError(
            "insert the throw-away customer",
            "the store's database",
            "customer_entity has a column that wants a value, {0}".format(", ".join(schema.required)),
            "Use commerce_probe: account with a test customer of your own.",
            code="foreign_column",
        )
    email = "{0}{1}@{2}".format(PREFIX, secrets.token_hex(10), DOMAIN)
    password = secrets.token_urlsafe(24)
    salt = secrets.token_hex(16)
    # The lock is taken before the row is there: a sweep of somebody else must never see the one without the other.
    group = _group_and_lock(database, config, view, schema, email)
    customer_id = database.insert(
        """
        INSERT INTO {customer_entity} (website_id, email, group_id, store_id, created_in, is_active,
            disable_auto_group_change, firstname, lastname, password_hash, failures_num, first_failure)
        VALUES (%s, %s, %s, %s, %s, 1, 0, 'Storefleet', 'Canary', %s, %s, IF(%s > 0, UTC_TIMESTAMP(), NULL))
        """,
        (view.website_id, email, group, view.store_id, view.name, _hash(password, salt), failures_num, failures_num),
    )
    return Canary(customer_id, email, password)


@contextmanager
def canary(database, config, view, schema: Schema, failures_num: int = 0) -> Iterator[Canary]:
    """A throw-away customer for a with block, removed at its end; also when a signal or an exception ends the block."""
    with interruptions.held() as held:
        customer = create(database, config, view, schema, failures_num)
        try:
            with held.let_through():
                yield customer
        except BaseException:
            # It may have been cut in the middle of an answer: the removal starts on a new connection.
            database.close()
            raise
        finally:
            remove(database, customer, schema)


def failures(database, customer_id: int) -> int:
    """The customer's counter of failed logins."""
    rows = database.query("SELECT failures_num FROM {customer_entity} WHERE entity_id = %s", (customer_id,))
    if not rows:
        raise CommerceError(
            "read the counter of the test customer",
            "the store's database",
            "the customer is gone: something deletes new customers",
            "Find out which job deletes customers, then audit again.",
            code="canary_gone",
        )
    return int(rows[0]["failures_num"] or 0)


def set_failures(database, customer_id: int, number: int) -> None:
    """Set the counter, with a first failure of now when it is more than 0."""
    database.execute(
        """
        UPDATE {customer_entity}
        SET failures_num = %s, first_failure = IF(%s > 0, UTC_TIMESTAMP(), NULL), lock_expires = NULL
        WHERE entity_id = %s
        """,
        (number, number, customer_id),
    )


def remove(database, customer, schema: Schema) -> None:
    """Delete the customer and all its traces. What cannot be deleted raises CommerceError canary_left.

    Its lock goes with the connection.
    """
    try:
        try:
            _delete(database, customer.customer_id, customer.email, schema)
        except CommerceError:
            database.connect()
            _delete(database, customer.customer_id, customer.email, schema)
    except CommerceError as error:
        raise CommerceError(
            "delete the throw-away customer",
            "the store's database",
            error.came_back,
            "Run the probe again when the database is well: it deletes customers named {0}*.".format(PREFIX),
            code=LEFT,
        ) from None


def sweep(database, schema: Schema) -> int:
    """Delete what runs that ended without cleaning up have left; how many customers that were."""
    customers = """
        SELECT entity_id, email, TIMESTAMPDIFF(SECOND, created_at, UTC_TIMESTAMP()) AS age,
            IS_USED_LOCK(SUBSTRING_INDEX(email, '@', 1)) AS holder
        FROM {customer_entity} WHERE email LIKE %s
        """
    # A request that was still under way when its customer was removed logs the name afterwards.
    logged = """
        UNION ALL SELECT NULL, user_name, NULL, IS_USED_LOCK(SUBSTRING_INDEX(user_name, '@', 1))
        FROM {oauth_token_request_log} WHERE user_name LIKE %s AND user_type = 2
        """
    if REQUEST_LOG in schema.tables:
        rows = database.query(customers + logged, (ANY, ANY))
    else:
        rows = database.query(customers, (ANY,))
    cluster = any(row["entity_id"] for row in rows) and database.variable("wsrep_on") == "ON"
    dead = [row for row in rows if row["holder"] is None and _is_old(row, cluster)]
    for row in dead:
        _delete(database, row["entity_id"], row["email"], schema)
    return sum(1 for row in dead if row["entity_id"])


def _is_old(row, cluster):
    return not cluster or not row["entity_id"] or row["age"] > CLUSTER_SECONDS


def _group_and_lock(database, config, view, schema, email) -> int:
    """A customer group that may log in to the view's website: the default group for new customers if that one may."""
    allowed = ""
    if EXCLUSIONS in schema.tables:
        allowed = """
            AND customer_group_id NOT IN
                (SELECT customer_group_id FROM {customer_group_excluded_website} WHERE website_id = %s)
            """
    group = """
        SELECT customer_group_id FROM {customer_group} WHERE customer_group_id > 0 ALLOWED
        ORDER BY customer_group_id = %s DESC, customer_group_id LIMIT 1
        """.replace("ALLOWED", allowed)
    row = database.query(
        "SELECT GET_LOCK(%s, 0) AS held, (" + group + ") AS id",
        (_lock(email),) + ((view.website_id,) if allowed else ()) + (config.number(DEFAULT_GROUP, view),),
    )[0]
    if row["id"] is None:
        raise CommerceError(
            "choose a customer group",
            "the website {0}".format(view.website_code),
            "every group is excluded from it",
            "Allow one customer group on the website, or name a store view of another one in commerce_store_code.",
            code="no_customer_group",
        )
    return int(row["id"])


def _delete(database, customer_id: Optional[int], email: str, schema: Schema) -> None:
    """All rows of a customer in one statement, so all or none; then what Commerce's triggers wrote of that.

    Without an id nothing but the address counts.
    """
    # By id and by address: an id alone could be somebody else's after a restore of the database.
    joins = ["LEFT JOIN {customer_entity} customer ON customer.entity_id = %s AND customer.email = %s"]
    values: List[object] = [customer_id, email]
    targets = ["customer"]
    for name, column in TRACES:
        if name in schema.tables:
            joins.append("LEFT JOIN {{{0}}} AS of_{0} ON of_{0}.{1} = %s".format(name, column))
            values.append(customer_id)
            targets.append("of_" + name)
    if REQUEST_LOG in schema.tables:
        joins.append(
            "LEFT JOIN {{{0}}} request ON request.user_name = %s AND request.user_type = %s".format(REQUEST_LOG)
        )
        values += [email, CUSTOMER]
        targets.append("request")
    database.execute("DELETE {0} FROM (SELECT 1) one {1}".format(", ".join(targets), " ".join(joins)), values)
    for name in schema.changelogs:
        database.execute("DELETE FROM `{0}` WHERE entity_id = %s".format(name), (customer_id,))


def _lock(email: str) -> str:
    return email.partition("@")[0]


def _hash(password: str, salt: str) -> str:
    """A hash of version 1, which every Commerce 2.4 accepts: hex(sha256(salt + password)):salt:1."""
    return "{0}:{1}:1".format(hashlib.sha256((salt + password).encode()).hexdigest(), salt)
