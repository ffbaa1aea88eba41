# Copyright (c) 2026, the storefleet.commerce authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""How what serves a store can be made to see new code: decided beforehand, from what the host shows. Pure."""

from __future__ import annotations

import shlex
from typing import Any, Dict, NamedTuple, Optional, Tuple

from .errors import CommerceError

METHODS = AUTO, OPCACHE_RESET, FPM, SERVICE, SUDO, COMMAND, NONE = (
    "auto",
    "opcache_reset",
    "fpm",
    "service",
    "sudo",
    "command",
    "none",
)


class PoolFacts(NamedTuple):
    """A php-fpm pool that serves the store, or may do so.

    held: how many of the store's files its opcache holds. why_unasked: why its opcache cannot be asked, in words.
    preloaded: opcache.preload holds some of them. file_cache: opcache.file_cache, empty without one; clearable: the
    store's part of it can be removed. control_timeout: seconds that a reload gives to requests in flight, 0: none.
    master: the process id of its php-fpm, None where it was not found. may_signal: it takes signals from us.
    unit: the service that this is. broken: what php-fpm says of its configuration where it would not start with it.
    """

    name: str
    held: int = 0
    why_unasked: Optional[str] = None
    preloaded: bool = False
    file_cache: str = ""
    clearable: bool = True
    control_timeout: int = 0
    master: Optional[int] = None
    may_signal: bool = False
    unit: Optional[str] = None
    broken: Optional[str] = None


class HostFacts(NamedTuple):
    """What the host shows of what serves the store.

    pools: those that serve it, and those that may. apache: the store runs inside Apache; apache_unit: its service.
    root: we are root. command: the operator has given one. sudo: the reload that the owner may run by sudo, in words.
    """

    pools: Tuple[PoolFacts, ...] = ()
    apache: bool = False
    apache_unit: Optional[str] = None
    root: bool = False
    command: bool = False
    sudo: Optional[str] = None


class Plan(NamedTuple):
    """How new code will be seen.

    method: one of METHODS but auto. words: what will be done, and what that means. loses_requests: requests in flight
    are killed by it. possible: it can be done; why_not: where it cannot, why, in words.
    """

    method: str
    words: str
    loses_requests: bool = False
    possible: bool = True
    why_not: str = ""

    def as_dict(self) -> Dict[str, Any]:
        """The parts by name."""
        return dict(self._asdict())


def command_words(text: Optional[str]) -> Tuple[str, ...]:
    """The operator's reload command as an argv, empty without one. CommerceError bad_command: a quote is not closed."""
    try:
        return tuple(shlex.split(text or ""))
    except ValueError as error:
        raise CommerceError(
            "read commerce_reload_command",
            "the options",
            str(error).lower(),
            "Give a command with its arguments, quoted as for a shell.",
            code="bad_command",
        ) from None


def plan_for(method: str, facts: HostFacts) -> Plan:
    """The plan for a method.

    auto is opcache_reset where that can be done: nothing in flight is lost. Else the first that can be done of fpm,
    service and sudo; what it loses is in its words. Where none can, the plan is that of opcache_reset, with why not.
    """
    if method != AUTO:
        return _PLANS[method](facts)
    plans = [_PLANS[each](facts) for each in (OPCACHE_RESET, FPM, SERVICE, SUDO)]
    return next((plan for plan in plans if plan.possible), _impossible(plans))


def _impossible(plans) -> Plan:
    reasons = dict.fromkeys(plan.why_not for plan in plans)
    return plans[0]._replace(why_not="; ".join(reasons))


def _opcache_reset(facts: HostFacts) -> Plan:
    reasons = ["pool {0}: {1}".format(pool.name, pool.why_unasked) for pool in facts.pools if pool.why_unasked]
    reasons += [
        "pool {0}: opcache.preload holds files of the store, which only a reload of php-fpm renews".format(pool.name)
        for pool in facts.pools
        if pool.preloaded
    ]
    if facts.apache:
        reasons.append("the store runs inside Apache, whose opcache cannot be asked")
    words = "empty the opcache of {0}, which loses no request in flight".format(_named(facts.pools))
    if not facts.pools:
        words = "find no opcache to empty"
    return _plan(OPCACHE_RESET, words, False, reasons + _file_caches(facts))


def _fpm(facts: HostFacts) -> Plan:
    reasons = []
    for pool in facts.pools:
        if pool.master is None:
            reasons.append("pool {0}: its php-fpm was not found among the processes".format(pool.name))
        elif not pool.may_signal:
            reasons.append("pool {0}: it takes root to signal its php-fpm".format(pool.name))
    if facts.apache:
        reasons.append("the store runs inside Apache, not in php-fpm")
    elif not facts.pools:
        reasons.append("no php-fpm pool was found that may serve the store")
    return _reload(FPM, "reload php-fpm by USR2 for {0}".format(_named(facts.pools)), facts, reasons)


def _service(facts: HostFacts) -> Plan:
    units = list(dict.fromkeys(pool.unit for pool in facts.pools if pool.unit))
    reasons = [] if facts.root else ["it takes root to reload a service"]
    reasons += ["pool {0}: its service is not known".format(pool.name) for pool in facts.pools if not pool.unit]
    if facts.apache:
        units += [facts.apache_unit] if facts.apache_unit else []
        reasons += [] if facts.apache_unit else ["the service that Apache is was not found"]
    elif not facts.pools:
        reasons.append("no php-fpm pool was found that may serve the store")
    return _reload(SERVICE, "reload the service {0}".format(" and ".join(units) or "of php-fpm"), facts, reasons)


def _sudo(facts: HostFacts) -> Plan:
    reasons = [] if facts.sudo else ["sudo lets the store's owner reload no php-fpm without a password"]
    return _reload(SUDO, "run sudo {0}".format(facts.sudo or "for a reload of php-fpm"), facts, reasons)


def _command(facts: HostFacts) -> Plan:
    reasons = [] if facts.command else ["commerce_reload_command is empty"]
    return _plan(COMMAND, "run the given command", False, reasons + _file_caches(facts))


def _none(dummy: HostFacts) -> Plan:
    return Plan(NONE, "leave php-fpm alone")


def _reload(method: str, words: str, facts: HostFacts, reasons) -> Plan:
    hard = [pool.name for pool in facts.pools if not pool.control_timeout]
    if hard:
        words += ", which kills the requests in flight: process_control_timeout is 0"
    preloaded = [pool.name for pool in facts.pools if pool.preloaded]
    if preloaded:
        words += "; it runs opcache.preload again"
    reasons += ["pool {0}: php-fpm says {1}".format(pool.name, pool.broken) for pool in facts.pools if pool.broken]
    return _plan(method, words, bool(hard), reasons + _file_caches(facts))


def _file_caches(facts: HostFacts):
    told = "pool {0}: opcache.file_cache {1} outlives every reload, and its part of the store cannot be removed"
    return [told.format(pool.name, pool.file_cache) for pool in facts.pools if pool.file_cache and not pool.clearable]


def _plan(method: str, words: str, loses: bool, reasons) -> Plan:
    return Plan(method, words, loses, not reasons, "; ".join(dict.fromkeys(reasons)))


def _named(pools: Tuple[PoolFacts, ...]) -> str:
    return "pool {0}".format(", ".join(pool.name for pool in pools))


_PLANS = {
    OPCACHE_RESET: _opcache_reset,
    FPM: _fpm,
    SERVICE: _service,
    SUDO: _sudo,
    COMMAND: _command,
    NONE: _none,
}
