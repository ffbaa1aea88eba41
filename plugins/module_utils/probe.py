# Copyright (c) 2026, the storefleet.commerce authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Does a right login reset the counter of failed logins? Asked of the running store, API by API.

article: a wrong login, then a right one, as in the vendor's article. gentle: the counter is set by SQL, then one right
login; nothing of the store sees a failed login.
"""

from __future__ import annotations

from contextlib import closing
from dataclasses import dataclass, field, replace
from typing import Any, Dict, Mapping, Optional, Tuple

from . import canary, counters, scope_config, tokens
from .blocking import blocking_setting
from .database import Database
from .errors import CommerceError
from .interruptions import Interrupted
from .scope_config import ScopeConfig
from .verdict import APIS, BROKEN, CLOSED, DEFECTIVE, FIXED, NOT_RUN, NOT_TESTABLE

FORMS = ("article", "gentle")

# One source with doc_fragments/probe.py; a unit test compares them.
PROBE_ARGUMENTS: Dict[str, Dict[str, Any]] = {
    "apis": {"type": "list", "elements": "str", "choices": list(APIS), "default": list(APIS)},
    "base_url": {"type": "str"},
    "store_code": {"type": "str"},
    "connect_to": {"type": "str"},
    "validate_certs": {"type": "bool", "default": True},
    "ca_path": {"type": "path"},
}


@dataclass(frozen=True)
class ProbeOptions:
    """How to probe.

    base_url, store_code: None is what the store itself says; connect_to: None is this host; ca_path: a file with
    certificate authorities instead of the host's.
    """

    form: str = "article"
    apis: Tuple[str, ...] = APIS
    base_url: Optional[str] = None
    store_code: Optional[str] = None
    connect_to: Optional[str] = None
    validate_certs: bool = True
    ca_path: Optional[str] = None


def probe_options(params: Mapping[str, Any], form: str) -> ProbeOptions:
    """The options from a module's parameters, which are those of PROBE_ARGUMENTS."""
    given = {name: params[name] for name in PROBE_ARGUMENTS if name != "apis"}
    return ProbeOptions(form=form, apis=tuple(params["apis"]), **given)


@dataclass(frozen=True)
class ApiResult:
    """What one API did.

    behaviour: fixed, defective, broken, closed, not_testable or not_run; reason: why, snake_case; detail: in words.
    statuses: the HTTP statuses of the answers, in order; counter: failures_num after the right login.
    """

    behaviour: str
    reason: Optional[str] = None
    detail: Optional[str] = None
    statuses: Tuple[int, ...] = ()
    counter: Optional[int] = None

    def as_dict(self) -> Dict[str, Any]:
        """The parts by name."""
        return {
            "behaviour": self.behaviour,
            "reason": self.reason,
            "detail": self.detail,
            "statuses": list(self.statuses),
            "counter": self.counter,
        }


@dataclass(frozen=True)
class ProbeResult:
    """What the store did.

    apis: a result for each of rest, graphql and soap. passive: see counters.passive, None when it was not read.
    base_url, node: what was asked, and where. swept: throw-away customers of dead runs that were deleted.
    """

    form: str
    apis: Mapping[str, ApiResult] = field(default_factory=dict)
    passive: Optional[Mapping[str, Any]] = None
    base_url: Optional[str] = None
    store_code: Optional[str] = None
    node: Optional[str] = None
    swept: int = 0

    def as_dict(self) -> Dict[str, Any]:
        """The parts by name, as modules return them."""
        return {
            "form": self.form,
            "apis": {name: self.apis[name].as_dict() for name in APIS},
            "passive": dict(self.passive) if self.passive is not None else None,
            "base_url": self.base_url,
            "store_code": self.store_code,
            "node": self.node,
            "swept": self.swept,
        }

    @property
    def bad(self) -> bool:
        """Whether an API misbehaves."""
        return any(api.behaviour in (DEFECTIVE, BROKEN) for api in self.apis.values())


def not_run(form: str, reason: str) -> ProbeResult:
    """The result where nothing was asked of the store."""
    return ProbeResult(form, {name: ApiResult(NOT_RUN, reason) for name in APIS})


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
            return replace(_ask_all(store, database, ScopeConfig(settings, database), options), passive=found)
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
        database.require_writable()
        swept = canary.sweep(database)
        view = config.view(options.store_code)
        blocked = blocking_setting(config, view, options.form)
        if blocked:
            return _not_testable(options, *blocked, swept)
        with closing(_node(config, view, options)) as node:
            return _ask_node(node, view, database, config, options, swept)
    except CommerceError as error:
        if error.code == canary.LEFT:
            raise
        return _not_testable(options, error.code, error.came_back)


def _node(config, view, options) -> tokens.Node:
    return tokens.Node(
        options.base_url or config.base_url(view),
        options.connect_to,
        options.validate_certs,
        options.ca_path,
        config.value(scope_config.OFFLOADER_HEADER, view),
    )


def _ask_node(node, view, database, config, options, swept) -> ProbeResult:
    with canary.canary(database, config, view) as customer:
        apis = {name: _ask(name, node, view.code, database, customer, options.form) for name in options.apis}
    if all(api.reason == "closed_by_server" for api in apis.values()) and not tokens.is_commerce(node):
        return _not_testable(options, "not_the_store", "what answers under the store's name is not Commerce", swept)
    return ProbeResult(options.form, _whole(apis), None, node.base_url, view.code, node.url, swept)


def _ask(api, node, store_code, database, customer, form) -> ApiResult:
    """Log in by one API, from a counter of 0 (article) or 1 (gentle), and look at the counter afterwards."""
    statuses = []
    canary.set_failures(database, customer, 0 if form == "article" else 1)
    if form == "article":
        wrong = tokens.request(node, api, customer.email, customer.password + "-wrong", store_code)
        statuses.append(wrong.status)
        if wrong.state != tokens.REFUSED:
            return _unasked(wrong, statuses, "wrong_password_accepted")
        if canary.failures(database, customer) == 0:
            return ApiResult(
                NOT_TESTABLE, "counter_unmoved", "a wrong login was refused but not counted", _known(statuses), 0
            )
    right = tokens.request(node, api, customer.email, customer.password, store_code)
    statuses.append(right.status)
    if right.state != tokens.GRANTED:
        return _unasked(right, statuses, "login_refused")
    counter = canary.failures(database, customer)
    if counter == 0:
        return ApiResult(FIXED, "counter_reset", None, _known(statuses), 0)
    return ApiResult(
        DEFECTIVE, "counter_kept", "failures_num is {0} after a right login".format(counter), _known(statuses), counter
    )


_BEHAVIOURS = {tokens.BROKEN: BROKEN, tokens.CLOSED: CLOSED}


def _unasked(answer, statuses, unexpected) -> ApiResult:
    """The result of an answer that is not the one that was expected: the question itself was not answered."""
    reason = unexpected if answer.state in (tokens.GRANTED, tokens.REFUSED) else answer.reason
    return ApiResult(_BEHAVIOURS.get(answer.state, NOT_TESTABLE), reason, answer.detail, _known(statuses))


def _known(statuses):
    return tuple(status for status in statuses if status is not None)


def _not_testable(options, reason, detail, swept=0) -> ProbeResult:
    return ProbeResult(
        options.form, _whole({name: ApiResult(NOT_TESTABLE, reason, detail) for name in options.apis}), swept=swept
    )


def _whole(apis):
    return {name: apis.get(name, ApiResult(NOT_RUN, "not_asked")) for name in APIS}
