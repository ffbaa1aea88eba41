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
    exit_with_result(module, lambda: in_store(module, work, service))


def exit_with_result(module: Any, produce: Callable[[], Dict[str, Any]]) -> None:
    """End the module with what is produced: as a failure where that says so, or raises CommerceError."""
    try:
        result = produce()
    except CommerceError as error:
        module.fail_json(msg=str(error), code=error.code, next_step=error.next_step, **error.facts)
    else:
        end = module.fail_json if result.pop("failed", False) else module.exit_json
        end(**result)


def in_store(module: Any, work: Work, service: Optional[RootService] = None) -> Dict[str, Any]:
    """Do the work as the store's owner and return its result; what goes wrong raises CommerceError. See exit_with."""
    environment = withhold_environment(module)
    return reported(lambda: _as_owner(module.params, environment, module.check_mode, work, service or nothing_as_root))


def reported(do: Callable[[], Dict[str, Any]]) -> Dict[str, Any]:
    """What is done; an error that nobody foresaw becomes a CommerceError without its message."""
    try:
        return do()
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
    return withhold(module, "environment")


def withhold(module: Any, name: str) -> Mapping[str, str]:
    """The same for another parameter that holds environment variables."""
    environment = {each: str(value) for each, value in (module.params.get(name) or {}).items()}
    module.params[name] = {}
    module.no_log_values.difference_update(environment.values())
    return environment


def _as_owner(params, environment, check, work, service):
    identity = owner_of(params["root"], params["user"])
    php = argv_of(params["php"], "PHP", "/usr/bin/php8.2 -d memory_limit=-1")
    pool_variables = environment_finder()

    def as_owner(ask):
        os.umask(magento_umask(params["root"]))
        variables = dict(pool_variables(params["root"]), **environment)
        runner = LocalRunner(variables, home=identity.home)
        return work(Workplace(params["root"], php, identity, runner, check), ask)

    return run_as(identity, as_owner, service)


def argv_of(text: str, program: str, sample: str) -> Tuple[str, ...]:
    """The command line of a program as a shell would take it; one that is none raises CommerceError, as bad_php."""
    try:
        words = tuple(shlex.split(text))
    except ValueError:
        words = ()
    if not words:
        raise CommerceError(
            "read the command line of {0}".format(program),
            repr(text),
            "it is empty, or a quote is not closed",
            "Give it as a shell would take it, such as {0}.".format(sample),
            code="bad_{0}".format(program.lower()),
        )
    return words


def nothing_as_root(dummy: Any) -> Dict[str, Any]:
    """In the place of a service, for modules that need nothing as root."""
    raise CommerceError(
        "do as root what the work asked for",
        "this host",
        "this module does nothing as root",
        "This is a defect of the collection: please report it.",
        code="defect",
    )
