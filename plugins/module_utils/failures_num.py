# Copyright (c) 2026, the storefleet.commerce authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a store's files and database say of the defect, in one result; and the reset of the counters that it left."""

from __future__ import annotations

import re
from typing import Any, Callable, Dict, List, Optional, Sequence

from . import counters
from .advisory import Advisory
from .blobs import file_states
from .blocking import blocking_settings
from .command import Runner
from .database import Database
from .errors import CommerceError
from .evidence import PARTIAL, UNPATCHED, api_evidence
from .registration import Modules
from .rewiring import rewirings
from .scope_config import ScopeConfig
from .settings import read_settings
from .store import read_store

# Modules named in one sentence.
_NAMED = 5


def info(
    root: str,
    php: Sequence[str],
    runner: Runner,
    advisory: Advisory,
    database: bool = True,
    store_code: Optional[str] = None,
    hindrance: Optional[str] = None,
) -> Dict[str, Any]:
    """What the files say, and the database where it is asked, as the module returns it; all keys always.

    hindrance: a sentence on why the database cannot be asked. Only files that cannot be read raise CommerceError.
    """
    store = read_store(root)
    settings = read_settings(store.root, php, runner)
    modules = Modules(store.root)
    apis = api_evidence(store, settings.modules, advisory, modules=modules)
    failures: List[str] = []
    notes = _tried(failures, lambda: list(rewirings(modules, settings.modules, advisory))) or []
    unplaced = [name for name in modules.unplaced(settings.modules) if _package(name) not in store.replaced]
    if unplaced:
        notes.append(_not_found(unplaced))
    result: Dict[str, Any] = {
        "patch": advisory.patch,
        "version": store.version,
        "apis": {
            name: {"state": found.state, "detail": found.detail, "file": found.file} for name, found in apis.items()
        },
        "files": file_states(store, advisory),
        "passive": None,
        "blocking": None,
        "notes": notes,
        "failures": failures,
    }
    if database and hindrance:
        failures.append(hindrance)
    elif database and settings.database is None:
        failures.append("app/etc/env.php names no database.")
    elif database:
        result.update(_tried(failures, lambda: _asked(settings, store_code, failures)) or {})
    return result


def reset(
    root: str, php: Sequence[str], runner: Runner, advisory: Advisory, write: bool = True, limit: int = 50
) -> Dict[str, Any]:
    """Reset the counters that a later login should have reset (see counters.reset), as the module returns it.

    write=False only tells which. limit: how many customers are listed. What the database refuses raises CommerceError.
    """
    store = read_store(root)
    settings = read_settings(store.root, php, runner)
    if settings.database is None:
        raise CommerceError(
            "connect to the database",
            store.root,
            "app/etc/env.php names no database",
            "Check db.connection.default, and commerce_environment.",
            code="no_database",
        )
    with Database(settings.database) as connected:
        done = counters.reset(connected, write)
    notes: List[str] = []
    apis = _tried(notes, lambda: api_evidence(store, settings.modules, advisory)) or {}
    defective = sorted(name for name, found in apis.items() if found.state in (UNPATCHED, PARTIAL))
    if defective:
        notes.append(
            "The files still have the defect ({0}), so counters pile up again: apply {1}.".format(
                ", ".join(defective), advisory.patch
            )
        )
    listed = done.counters[: max(limit, 0)]
    return {
        "changed": bool(done.counters),
        "counters": {
            "stuck": len(done.counters) + done.locked,
            "reset": len(done.counters),
            "locked": done.locked,
            "customers": [counter.as_dict() for counter in listed],
            "not_listed": len(done.counters) - len(listed),
            "notes": notes,
        },
        "diff": {
            "before_header": "customer_entity",
            "after_header": "customer_entity",
            "before": _lines(listed),
            "after": _lines([counters.Counter(counter.customer, 0, None, None) for counter in listed]),
        },
    }


def _asked(settings, store_code, failures):
    with Database(settings.database) as connected:
        config = ScopeConfig(settings, connected)
        found = _tried(failures, lambda: blocking_settings(config, config.view(store_code)))
        return {
            "passive": _tried(failures, lambda: counters.passive(connected)),
            "blocking": None if found is None else [_blocking(setting) for setting in found],
        }


def _blocking(found):
    return {
        "setting": found.setting,
        "value": found.value,
        "scope": found.scope,
        "reason": found.reason,
        "why": found.why,
        "forms": list(found.forms),
    }


def _tried(failures: List[str], step: Callable[[], Any]) -> Any:
    try:
        return step()
    except CommerceError as error:
        failures.append(str(error))
        return None


def _package(module: str) -> str:
    """The package of a module of Commerce's own."""
    vendor, dummy, name = module.partition("_")
    return "{0}/module-{1}".format(vendor.lower(), re.sub(r"(?<!\A)(?=[A-Z])", "-", name).lower())


def _not_found(names) -> str:
    more = ", …" if len(names) > _NAMED else ""
    return (
        "{0} enabled modules are registered in a way that is not understood here ({1}{2}): they were not read.".format(
            len(names), ", ".join(names[:_NAMED]), more
        )
    )


def _lines(listed) -> str:
    line = "customer {0}: failures_num {1}, first_failure {2}, lock_expires {3}\n"
    return "".join(
        line.format(
            counter.customer, counter.failures_num, counter.first_failure or "NULL", counter.lock_expires or "NULL"
        )
        for counter in listed
    )
