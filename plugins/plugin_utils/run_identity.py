# Copyright (c) 2026, the storefleet.commerce authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Which run of Ansible this is: one name in all of its workers, and for all tasks on all hosts."""

from __future__ import annotations

import multiprocessing
import os
import pwd
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from ansible import constants
from ansible.errors import AnsibleActionFail

from ansible_collections.storefleet.commerce.plugins.module_utils.processes import Process, is_running, process_of

# Who started the job, where Automation Platform did.
_PLATFORM_USERS = ("awx_user_name", "tower_user_name")


def holder(task_vars: Mapping[str, Any] | None, ended: str = "", change_id: str = "") -> dict[str, Any]:
    """What the option _holder of a module says: this run, and the inventory's name of the host that it calls now.

    change_id: the ticket. ended: the id of a run that has_ended is true of. A worker whose run was killed gets
    AnsibleActionFail: it must begin nothing more.
    """
    parent = multiprocessing.parent_process()
    # A task runs in a worker; a strategy may run it in the main process itself.
    process = process_of(parent.pid if parent else os.getpid())
    if process is None:
        raise AnsibleActionFail("This run of Ansible has been killed.")
    controller = os.uname().nodename
    return {
        # The folder's name is made up anew by each run, and known to all of its workers.
        "run": f"{controller}:{Path(constants.DEFAULT_LOCAL_TMP).name.removeprefix('ansible-local-')}",
        "controller": controller,
        **process._asdict(),
        "host": (task_vars or {}).get("inventory_hostname", ""),
        "ended": ended,
        "operator": operator(task_vars or {}),
        "change_id": change_id,
    }


def operator(task_vars: Mapping[str, Any]) -> str:
    """Who started the run: the user of Automation Platform, the one behind sudo, or the login that it runs as."""
    names = [task_vars.get(name) for name in _PLATFORM_USERS] + [os.environ.get("SUDO_USER")]
    return next((str(name) for name in names if name), None) or _login()


def _login():
    try:
        return pwd.getpwuid(os.getuid()).pw_name
    except KeyError:
        return str(os.getuid())


def change_id(task_vars: Mapping[str, Any] | None, templar: Any) -> str:
    """The ticket that the run is for, empty without one. templar: the action plugin's."""
    return str(templar.template((task_vars or {}).get("commerce_change_id") or "") or "")


def has_ended(process: Process) -> bool:
    """Whether a run whose main process that is has ended for certain: it ran on this machine, and is gone."""
    return is_running(process) is False


class HolderMixin:
    """For an action plugin, before its other base: tells the module which run it is called by."""

    def run(self, tmp=None, task_vars=None):
        """See ActionBase.run."""
        self._task.args = {
            **self._task.args,
            "_holder": holder(task_vars, change_id=change_id(task_vars, self._templar)),
        }
        return super().run(tmp, task_vars)
