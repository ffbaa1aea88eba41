# Copyright (c) 2026, the storefleet.commerce authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Does a right login reset the counter of failed logins? Asked of the running store, API by API.

article: a wrong login, then a right one, as in the vendor's article. gentle: the counter is set by SQL, then one right
login; nothing of the store sees a failed login. account: the operator's own test customer, nothing written by SQL; a
wrong login only while its counter is 0.
"""

from __future__ import annotations

from contextlib import closing

from . import account, canary, canary_schema, counters, scope_config, tokens, trial
from .answers import BY_SERVER
from .blocking import blocking_setting
from .database import Database
from .errors import CommerceError
from .http_node import Access, Node
from .interruptions import Interrupted
from .probe_options import ACCOUNT, ProbeOptions
from .probe_result import ApiResult, ProbeResult
from .scope_config import ScopeConfig
from .verdict import APIS, NOT_RUN, NOT_TESTABLE


# One source with doc_fragments/probe.py; a unit test compares them.
def run(store, settings, options: ProbeOptions) -> ProbeResult:
    """Probe a store (store.Store, settings.Settings). Nothing stays behind.

    A store that cannot be probed is a result, not_testable with the reason. Only a throw-away customer that could not
    be removed, and a signal that ended the probe, raise CommerceError.
    """
    try:
        return _run(store, settings, options)
    except Interrupted as error:
        raise CommerceError(
            "finish the probe",
            store.root,
            "signal {0} ended it".format(error.number),
            "Run it again; nothing was left behind.",
            code="interrupted",
        ) from None


def _run(store, settings, options):
    if settings.database is None:
        return _not_testable(options, "no_database", "app/etc/env.php names no database")
    try:
        with Database(settings.database) as database:
            found = _passive(database)
            return _ask_all(store, database, ScopeConfig(settings, database), options)._replace(passive=found)
    except CommerceError as error:
        if error.code == canary.LEFT:
            raise
        return _not_testable(options, error.code, error.came_back)


def _passive(database):
    """Passive evidence; failing to get it must not be in the way of the rest."""
    try:
        return counters.passive(database)
    except CommerceError:
        return None


def _ask_all(store, database, config, options):
    """Probe with a database that answers."""
    try:
        if store.maintenance:
            return _not_testable(options, "maintenance", "the maintenance flag is set")
        # A replica is behind: it shows what was, and a customer written there breaks the replication.
        _require_primary(database, options)
        return (_by_account if options.form == ACCOUNT else _by_canary)(database, config, options)
    except CommerceError as error:
        if error.code == canary.LEFT:
            raise
        return _not_testable(options, error.code, error.came_back)


def _require_primary(database, options):
    try:
        database.require_writable()
    except CommerceError as error:
        # The last that is looked at, and the form account writes nothing.
        if options.form != ACCOUNT or error.code != "not_allowed":
            raise


def _by_canary(database, config, options) -> ProbeResult:
    """Probe with a throw-away customer."""
    schema = canary_schema.survey(database)
    swept = canary.sweep(database, schema)
    view = config.view(options.store_code)
    blocked = blocking_setting(config, view, options.form)
    if blocked:
        return _not_testable(options, *blocked, swept)
    start = trial.START[options.form]
    with closing(node_for(config, view, options)) as node:
        with canary.canary(database, config, view, schema, start) as customer:
            counter = trial.Counter(database, customer, start)
            apis = trial.ask_all(node, view.code, counter, options.form, options.apis)
        notes = tuple("The trigger {0} ran for the throw-away customer.".format(name) for name in schema.triggers)
        return _seen(node, view, options, apis)._replace(swept=swept, notes=notes)


def _by_account(database, config, options) -> ProbeResult:
    """Probe with the operator's own customer; nothing is written by SQL."""
    view = config.view(options.store_code)
    customer, value = account.find(database, config, view, options.account_email, options.account_password)
    blocked = blocking_setting(config, view, ACCOUNT)
    if blocked:
        return _not_testable(options, *blocked)
    with closing(node_for(config, view, options)) as node:
        counter = trial.Counter(database, customer, value)
        apis = trial.ask_all(
            node, view.code, counter, ACCOUNT, options.apis, lambda failures: account.near_lockout(config, failures)
        )
        return _seen(node, view, options, apis)


def node_for(config, view, options) -> Node:
    """The node to ask about a store view (scope_config.ScopeConfig, StoreView) with these ProbeOptions."""
    return Node(
        options.base_url or config.base_url(view),
        options.connect_to,
        Access(
            options.validate_certs,
            options.ca_path,
            # Commerce reads it at default scope.
            config.value(scope_config.OFFLOADER_HEADER),
            options.url_username,
            options.url_password,
            options.headers,
        ),
    )


def _seen(node, view, options, apis) -> ProbeResult:
    """The result of what the APIs did; where all are closed, by Commerce or by something else in its place."""
    if all(api.reason == BY_SERVER for api in apis.values()) and not tokens.is_commerce(node):
        return _not_testable(options, "not_the_store", "what answers under the store's name is not Commerce")
    address = node.address
    return ProbeResult(options.form, _whole(apis), None, address.base_url, view.code, address.url, address.route)


def _not_testable(options, reason, detail, swept=0) -> ProbeResult:
    return ProbeResult(
        options.form, _whole({name: ApiResult(NOT_TESTABLE, reason, detail) for name in options.apis}), swept=swept
    )


def _whole(apis):
    return {name: apis.get(name, ApiResult(NOT_RUN, "not_asked")) for name in APIS}
