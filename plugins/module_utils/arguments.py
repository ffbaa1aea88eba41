# Copyright (c) 2026, the storefleet.commerce authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What all modules of the collection share: their arguments, and the way from a store's work to a module's exit."""

from __future__ import annotations

import os
import shlex
import traceback
from typing import Any, Callable, Dict, Mapping, NamedTuple, Optional, Tuple

from .command import LocalRunner, Runner
from .errors import CommerceError
from .identity import Identity, RootService, owner_of, run_as
from .pool_environment import environment_finder
from .store import magento_umask

# One source with doc_fragments/store.py; a unit test compares them.
STORE_ARGUMENTS: Dict[str, Dict[str, Any]] = {
    "root": {"type": "path", "default": "/var/www/html"},
    "php": {"type": "str", "default": "php"},
    "user": {"type": "str"},
    "environment": {"type": "dict", "default": {}, "no_log": True},
}


class Workplace(NamedTuple):
    """Where a module works and with what: the root as given, PHP as argv, the owner, a runner of programs as owner."""

    root: str
    php: Tuple[str, ...]
    identity: Identity
    runner: Runner
    check: bool


Work = Callable[[Workplace, RootService], Dict[str, Any]]


def exit_with(module: Any, work: Work, service: Optional[RootService] = None) -> None:
    """Do the work as the store's owner and end the module with its result.

    A CommerceError becomes a failure with msg, code and next_step, and its facts.
    service answers, as root, what the work asks of it; without one nothing can be asked. Of an error that nobody
    foresaw only the class and the place are told: its message may quote what the store's settings hold.
    """
    try:
        result = in_store(module, work, service)
    except CommerceError as error:
        module.fail_json(msg=str(error), code=error.code, next_step=error.next_step, **error.facts)
    else:
        module.exit_json(**result)


def in_store(module: Any, work: Work, service: Optional[RootService] = None) -> Dict[str, Any]:
    """Do the work as the store's owner and return its result; what goes wrong raises CommerceError. See exit_with."""
    environment = withhold_environment(module)
    try:
        return _as_owner(module.params, environment, module.check_mode, work, service or _nothing)
    except CommerceError:
        raise
    except Exception as error:
        place = traceback.extract_tb(error.__traceback__)[-1]
        raise CommerceError(
            "finish the work",
            "this host",
            "{0} in {1}:{2}".format(type(error).__name__, os.path.basename(place.filename), place.lineno),
            "This is a defect of the collection: please report it.",
            code="defect",
        ) from None


def withhold_environment(module: Any) -> Mapping[str, str]:
    """Take the environment out of the module's parameters, which a verbose run prints.

    Its values are not masked in results: none is ever part of one, and masking a "1" or "production" would spoil them.
    """
    environment = {name: str(value) for name, value in (module.params.get("environment") or {}).items()}
    module.params["environment"] = {}
    module.no_log_values.difference_update(environment.values())
    return environment


def _as_owner(params, environment, check, work, service):
    identity = owner_of(params["root"], params["user"])
    php = _argv(params["php"])
    pool_variables = environment_finder()

    def as_owner(ask):
        os.umask(magento_umask(params["root"]))
        variables = dict(pool_variables(params["root"]), **environment)
        runner = LocalRunner(variables, home=identity.home)
        return work(Workplace(params["root"], php, identity, runner, check), ask)

    return run_as(identity, as_owner, service)


def _argv(php) -> Tuple[str, ...]:
    try:
        words = tuple(shlex.split(php))
    except ValueError:
        words = ()
    if not words:
        raise CommerceError(
            "read the command line of PHP",
            repr(php),
            "it is empty, or a quote is not closed",
            "Give it as a shell would take it, such as /usr/bin/php8.2 -d memory_limit=-1.",
            code="bad_php",
        )
    return words


def _nothing(dummy):
    raise CommerceError(
        "do as root what the work asked for",
        "this host",
        "this module does nothing as root",
        "This is a defect of the collection: please report it.",
        code="defect",
    )
