# Copyright (c) 2026, the storefleet.commerce authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What modules for a checkout share: their arguments, and the way from the work to a module's exit, as the owner."""

from __future__ import annotations

import os
from typing import Any, Callable, Dict

from .arguments import exit_with_result, nothing_as_root, reported, withhold_environment
from .command import LocalRunner, Runner
from .identity import owner_of_checkout, run_as
from .logins import without_login
from .quality_patches import ABSENT, PRESENT

CHECKOUT_ARGUMENTS: Dict[str, Dict[str, Any]] = {
    "path": {"type": "path", "required": True},
    "composer": {"type": "path", "default": "composer"},
    "patches": {"type": "list", "elements": "str", "default": ["ACSD-61103"]},
    "state": {"type": "str", "choices": [PRESENT, ABSENT], "default": PRESENT},
    "branch": {"type": "str"},
    "commit_message": {"type": "str"},
    "change_id": {"type": "str"},
    "remote": {"type": "str"},
    "push_timeout": {"type": "int", "default": 1800},
    "author_name": {"type": "str"},
    "author_email": {"type": "str"},
    "user": {"type": "str"},
    "environment": {"type": "dict", "default": {}, "no_log": True},
}

# Options, with the login that an address may have and Composer as argv; what runs programs; whether it is check mode.
Work = Callable[[Dict[str, Any], Runner, bool], Dict[str, Any]]


def exit_with_work(module: Any, work: Work) -> None:
    """Do the work as the checkout's owner and end the module with its result. See arguments.exit_with."""
    exit_with_result(module, lambda: reported(lambda: _in_checkout(module, work)))


def _in_checkout(module: Any, work: Work) -> Dict[str, Any]:
    environment = withhold_environment(module)
    options = dict(module.params, composer=(module.params["composer"],))
    if options["remote"]:
        # A verbose run prints the module's parameters.
        module.params["remote"] = without_login(options["remote"])
    identity = owner_of_checkout(options["path"], options["user"])

    def as_owner(dummy: Any) -> Dict[str, Any]:
        os.umask(0o022)
        return work(options, LocalRunner(environment, home=identity.home), module.check_mode)

    return run_as(identity, as_owner, nothing_as_root)
