# Copyright (c) 2026, the storefleet.commerce authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What serves a store on this host, looked at and made to see new code: the part of it that takes root, if we have it.

reloading.py is the other part, and asks for this one. Requests and answers are JSON objects.
"""

from __future__ import annotations

import os
from typing import Any, Dict, List, Sequence

from .command import LocalRunner
from .errors import CommerceError
from .opcache import ASIDE, EMPTYING, HOLD, PATHS_AT_ONCE, RESET, RESET_HELD, STALE, SWEEP
from .pool_config import Pool
from .pool_survey import OTHERS_SECONDS, HostPools, would_not_start
from .reload_plan import COMMAND, FPM, OPCACHE_RESET, SERVICE, SUDO, HostFacts, plan_for
from .services import Services, run_service
from .worker_processes import OldWorkers, apache_master, masters_of, reload_masters

LOOK, RELOAD, FORGET_FILES, TIDY, HELD_OLD, IN_FLIGHT, HOLD_FILES = ACTS = (
    "look",
    "reload",
    "forget_files",
    "tidy",
    "held_old",
    "in_flight",
    "hold_files",
)

# Seconds that old workers may take above process_control_timeout.
WAIT_SECONDS = 60
COMMAND_SECONDS = 120


def serve_request(request: Dict[str, Any], command: Sequence[str] = ()) -> Dict[str, Any]:
    """Answer what a store's work asks (identity.run_as).

    command: the operator's, as an argv. No request carries one: those come from a process that runs as the store's
    owner, and root runs nothing that such a process names.

    A request has act, root (a real path), script (the owner's opcache.StatusScript), and

    look: method (one of reload_plan.METHODS), named (listen addresses and names of the pools that the web server's
        configuration names), apache (the store runs inside Apache), sudo (a rule in words, None without), check (go by
        the host's files alone). Answers plan (a reload_plan.Plan), as_root (whether we are it), pools (names), units,
        seconds (that old workers may take), and for the requests to follow targets, others, file_caches (listen
        addresses) and masters (main files of the php-fpms).
    reload: method, and these. Answers pools, the names of those whose opcache was emptied.
    forget_files, tidy: file_caches. Take the store's part of opcache.file_cache out of use, and remove it.
    held_old: targets, paths (relative to the root). Answers stale, those of which a pool would serve old code.
    hold_files: targets, paths. Make the opcaches hold these files as they are now.
    in_flight: targets. Answers in_flight: requests that began before the last reset go on with the code of then.
    """
    pools = HostPools(request["root"], request["script"])
    act = request["act"]
    if act == LOOK:
        return _look(pools, request, bool(command))
    if act == RELOAD:
        return {"pools": _reload(pools, request, command)}
    if act == IN_FLIGHT:
        return {"in_flight": any(pools.ask(pool, EMPTYING).emptying for pool in pools.at(request["targets"]))}
    if act == HELD_OLD:
        return {"stale": _held_old(pools, request)}
    if act == HOLD_FILES:
        for pool in pools.at(request["targets"]):
            for paths in _portions(request):
                pools.ask(pool, HOLD, paths)
        return {}
    for pool in pools.at(request["file_caches"]):
        if act == FORGET_FILES:
            _forget_files(pools, pool)
        else:
            pools.ask(pool, SWEEP)
    return {}


def _look(pools: HostPools, request: Dict[str, Any], command: bool) -> Dict[str, Any]:
    named, check = request["named"], request["check"]
    serving, others = (pools.by_files(named), []) if check else pools.serving(named)
    apache = apache_master() if request["apache"] else None
    facts = HostFacts(
        pools=tuple(pools.facts(serving)),
        apache=request["apache"],
        apache_unit=Services().unit_of(apache.pid) if apache else None,
        root=os.geteuid() == 0,
        command=command,
        sudo=request["sudo"],
    )
    plan = plan_for(request["method"], facts)
    if plan.possible and plan.method in (FPM, SERVICE, SUDO) and not check:
        tested = tuple(pool._replace(broken=would_not_start(pool.master)) for pool in facts.pools)
        plan = plan_for(request["method"], facts._replace(pools=tested))
    masters = {os.path.realpath(seen.master.source) for seen, pool in zip(serving, facts.pools) if pool.master}
    return {
        "plan": plan.as_dict(),
        "as_root": facts.root,
        "pools": [seen.pool.name for seen in serving],
        "targets": [seen.pool.listen for seen in serving],
        "others": [seen.pool.listen for seen in others],
        "file_caches": [seen.pool.listen for seen in serving if seen.state and seen.state.file_cache],
        "masters": sorted(masters),
        "units": sorted({pool.unit for pool in facts.pools if pool.unit} | ({facts.apache_unit} - {None})),
        "seconds": WAIT_SECONDS + max([pool.control_timeout for pool in facts.pools] or [0]),
    }


def _reload(pools: HostPools, request: Dict[str, Any], command: Sequence[str]) -> List[str]:
    method = request["method"]
    if method == OPCACHE_RESET:
        return _empty(pools, request)
    for pool in pools.at(request["file_caches"]):
        _forget_files(pools, pool)
    if method == FPM:
        reload_masters(masters_of(request["masters"]), request["seconds"])
    elif method == SERVICE:
        # The units of the processes as they are now: a request names no service to root.
        services, processes = Services(), masters_of(request["masters"])
        apache = apache_master() if request["apache"] else None
        processes += [apache] if apache else []
        old = OldWorkers(processes)
        for unit in dict.fromkeys(services.unit_of(process.pid) for process in processes):
            run_service(services.argv("reload", unit or ""), LocalRunner())
        old.wait(request["seconds"])
    elif method == COMMAND:
        run_service(command, LocalRunner(), COMMAND_SECONDS)
    return []


def _empty(pools: HostPools, request: Dict[str, Any]) -> List[str]:
    emptied = [pool.name for pool in pools.at(request["targets"]) if _reset(pools, pool)]
    for pool in pools.at(request["others"]):
        # One that held nothing when it was looked at; what hinders it is no reason to go back.
        try:
            state = pools.ask(pool, RESET_HELD, timeout=OTHERS_SECONDS)
        except CommerceError:
            continue
        emptied += [pool.name] if state.reset else []
    return emptied


def _reset(pools: HostPools, pool: Pool) -> bool:
    """Empty the opcache of a pool; False for one that does not run any more."""
    try:
        state = pools.ask(pool, RESET)
    except CommerceError as error:
        if error.code == "pool_absent":
            return False
        raise
    if not state.clearable:
        raise _file_cache_stays(pool, state.file_cache)
    if not state.reset:
        raise CommerceError(
            "empty the opcache of pool {0}".format(pool.name),
            pool.listen,
            "opcache_reset() said no",
            "Set commerce_reload to fpm, or reload php-fpm by hand.",
            code="reload_failed",
        )
    return True


def _forget_files(pools: HostPools, pool: Pool) -> None:
    state = pools.ask(pool, ASIDE)
    if not state.clearable:
        raise _file_cache_stays(pool, state.file_cache)


def _held_old(pools: HostPools, request: Dict[str, Any]) -> List[str]:
    stale = set()
    for pool in pools.at(request["targets"]):
        for paths in _portions(request):
            stale.update(pools.ask(pool, STALE, paths).stale)
    return [path for path in request["paths"] if os.path.join(request["root"], path) in stale]


def _portions(request: Dict[str, Any]) -> List[List[str]]:
    """The full paths, so many at a time as a request to a pool takes."""
    full = [os.path.join(request["root"], path) for path in request["paths"]]
    return [full[start : start + PATHS_AT_ONCE] for start in range(0, len(full), PATHS_AT_ONCE)]


def _file_cache_stays(pool: Pool, folder: str) -> CommerceError:
    return CommerceError(
        "remove the store's part of opcache.file_cache",
        folder,
        "pool {0} may not".format(pool.name),
        "Remove it by hand and reload php-fpm, or turn opcache.file_cache off for this pool.",
        code="file_cache",
    )
