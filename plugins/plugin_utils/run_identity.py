# Copyright (c) 2026, the storefleet.commerce authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Which run of Ansible this is: one name in all of its workers, and for all tasks on all hosts."""

from __future__ import annotations

import multiprocessing
import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from ansible import constants
from ansible.errors import AnsibleActionFail

from ansible_collections.storefleet.commerce.plugins.module_utils.processes import Process, is_running, process_of


def holder(task_vars: Mapping[str, Any] | None, ended: str = "") -> dict[str, Any]:
    """What the option _holder of a module says: this run, and the inventory's name of the host that it calls now.

    ended: the id of a run that has_ended is true of. A worker whose run was killed gets AnsibleActionFail: it must
    begin nothing more.
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
    }


def has_ended(process: Process) -> bool:
    """Whether a run whose main process that is has ended for certain: it ran on this machine, and is gone."""
    return is_running(process) is False


class HolderMixin:
    """For an action plugin, before its other base: tells the module which run it is called by."""

    def run(self, tmp=None, task_vars=None):
        """See ActionBase.run."""
        self._task.args = {**self._task.args, "_holder": holder(task_vars)}
        return super().run(tmp, task_vars)
