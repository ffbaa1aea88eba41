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
from typing import Iterator, List, Tuple

from . import interruptions
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

# Tables in which a login or an indexer may leave a row of the customer, and the column that holds its id.
TRACES = (
    ("customer_log", "customer_id"),
    ("customer_grid_flat", "entity_id"),
    ("persistent_session", "customer_id"),
    ("customer_visitor", "customer_id"),
)
REQUEST_LOG = "oauth_token_request_log"
EXCLUSIONS = "customer_group_excluded_website"


@dataclass(frozen=True)
class Canary:
    """A throw-away customer. Its e-mail address is also the name of the lock that is held as long as its run lives."""

    customer_id: int
    email: str
    password: str = field(repr=False)


def create(database, config, view) -> Canary:
    """Insert a customer of a store view (scope_config.StoreView), with a counter of 0.

    database: a database.Database that stays connected until remove(); config: scope_config.ScopeConfig.
    """
    group = _group(database, config, view)
    email = "{0}{1}@{2}".format(PREFIX, secrets.token_hex(10), DOMAIN)
    password = secrets.token_urlsafe(24)
    salt = secrets.token_hex(16)
    # Taken before the row is there: a sweep of somebody else must never see the one without the other.
    database.query("SELECT GET_LOCK(%s, 0)", (_lock(email),))
    customer_id = database.insert(
        """
        INSERT INTO {customer_entity} (website_id, email, group_id, store_id, created_in, is_active,
            disable_auto_group_change, firstname, lastname, password_hash, failures_num)
        VALUES (%s, %s, %s, %s, %s, 1, 0, 'Storefleet', 'Canary', %s, 0)
        """,
        (view.website_id, email, group, view.store_id, view.name, _hash(password, salt)),
    )
    return Canary(customer_id, email, password)


@contextmanager
def canary(database, config, view) -> Iterator[Canary]:
    """A throw-away customer for a with block, removed at its end; also when a signal or an exception ends the block."""
    with interruptions.held() as held:
        customer = create(database, config, view)
        try:
            with held.let_through():
                yield customer
        except BaseException:
            # It may have been cut in the middle of an answer: the removal starts on a new connection.
            database.close()
            raise
        finally:
            remove(database, customer)


def failures(database, customer) -> int:
    """The customer's counter of failed logins."""
    rows = database.query("SELECT failures_num FROM {customer_entity} WHERE entity_id = %s", (customer.customer_id,))
    if not rows:
        raise CommerceError(
            "read the counter of the throw-away customer",
            "the store's database",
            "the customer is gone: something deletes new customers",
            "Find out which job deletes customers, then audit again.",
            code="canary_gone",
        )
    return int(rows[0]["failures_num"] or 0)


def set_failures(database, customer, number) -> None:
    """Set the counter, with a first failure of now when it is more than 0."""
    database.execute(
        """
        UPDATE {customer_entity}
        SET failures_num = %s, first_failure = IF(%s > 0, UTC_TIMESTAMP(), NULL), lock_expires = NULL
        WHERE entity_id = %s
        """,
        (number, number, customer.customer_id),
    )


def remove(database, customer) -> None:
    """Delete the customer and all its traces. What cannot be deleted raises CommerceError canary_left."""
    try:
        try:
            _delete(database, [(customer.customer_id, customer.email)])
        except CommerceError:
            database.connect()
            _delete(database, [(customer.customer_id, customer.email)])
        database.query("SELECT RELEASE_LOCK(%s)", (_lock(customer.email),))
    except CommerceError as error:
        raise CommerceError(
            "delete the throw-away customer",
            "the store's database",
            error.came_back,
            "Run the probe again when the database is well: it deletes customers named {0}*.".format(PREFIX),
            code=LEFT,
        ) from None


def sweep(database) -> int:
    """Delete what runs that ended without cleaning up have left; how many customers that were."""
    rows = database.query(
        """
        SELECT entity_id, email, TIMESTAMPDIFF(SECOND, created_at, UTC_TIMESTAMP()) AS age,
            IS_USED_LOCK(SUBSTRING_INDEX(email, '@', 1)) AS holder
        FROM {customer_entity} WHERE email LIKE %s
        """,
        (ANY,),
    )
    cluster = bool(rows) and database.variable("wsrep_on") == "ON"
    dead = [
        (int(row["entity_id"]), row["email"])
        for row in rows
        if row["holder"] is None and (not cluster or row["age"] > CLUSTER_SECONDS)
    ]
    if dead:
        _delete(database, dead)
    # A request that was still under way when its customer was removed logs the name afterwards.
    if database.tables([REQUEST_LOG]):
        database.execute(
            """
            DELETE FROM {oauth_token_request_log}
            WHERE user_name LIKE %s AND user_type = %s AND IS_USED_LOCK(SUBSTRING_INDEX(user_name, '@', 1)) IS NULL
            """,
            (ANY, CUSTOMER),
        )
    return len(dead)


def _group(database, config, view) -> int:
    """A customer group that may log in to the view's website: the default group for new customers if that one may."""
    default = config.number(DEFAULT_GROUP, view)
    excluded = set()
    if database.tables([EXCLUSIONS]):
        rows = database.query(
            "SELECT customer_group_id AS id FROM {customer_group_excluded_website} WHERE website_id = %s",
            (view.website_id,),
        )
        excluded = {int(row["id"]) for row in rows}
    rows = database.query(
        """
        SELECT customer_group_id AS id FROM {customer_group} WHERE customer_group_id > 0
        ORDER BY customer_group_id = %s DESC, customer_group_id
        """,
        (default,),
    )
    allowed = [int(row["id"]) for row in rows if int(row["id"]) not in excluded]
    if not allowed:
        raise CommerceError(
            "choose a customer group",
            "the website {0}".format(view.website_code),
            "every group is excluded from it",
            "Allow one customer group on the website, or name a store view of another one in commerce_store_code.",
            code="no_customer_group",
        )
    return allowed[0]


def _delete(database, customers: List[Tuple[int, str]]) -> None:
    ids = [customer_id for customer_id, dummy in customers]
    emails = [email for dummy, email in customers]
    there = database.tables([name for name, dummy in TRACES] + [REQUEST_LOG])
    with database.transaction():
        # By id and by address: an id alone could be somebody else's after a restore of the database.
        database.execute("DELETE FROM {customer_entity} WHERE entity_id IN %s AND email IN %s", (ids, emails))
        for name, column in TRACES:
            if name in there:
                database.execute("DELETE FROM {{{0}}} WHERE {1} IN %s".format(name, column), (ids,))
        if REQUEST_LOG in there:
            database.execute(
                "DELETE FROM {oauth_token_request_log} WHERE user_name IN %s AND user_type = %s", (emails, CUSTOMER)
            )


def _lock(email: str) -> str:
    return email.partition("@")[0]


def _hash(password: str, salt: str) -> str:
    """A hash of version 1, which every Commerce 2.4 accepts: hex(sha256(salt + password)):salt:1."""
    return "{0}:{1}:1".format(hashlib.sha256((salt + password).encode()).hexdigest(), salt)
