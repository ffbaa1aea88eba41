# Copyright (c) 2026, the storefleet.commerce authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

from ansible.plugins.action import ActionBase

from ansible_collections.storefleet.commerce.plugins.module_utils.processes import Process
from ansible_collections.storefleet.commerce.plugins.plugin_utils.run_identity import change_id, has_ended, holder


class ActionModule(ActionBase):
    """Runs the module of the same name for this run; once more if the run that has the lease is known to have ended.

    The store's host cannot see the processes of the control node; this process can.
    """

    TRANSFERS_FILES = False

    def run(self, tmp=None, task_vars=None):
        """See ActionBase.run."""
        result = super().run(tmp, task_vars)
        del tmp
        answer = self._lease(task_vars)
        held_by = answer.get("held_by")
        if held_by and has_ended(Process(*held_by["process"])):
            answer = self._lease(task_vars, ended=held_by["run"])
        result.update(answer)
        return result

    def _lease(self, task_vars, ended=""):
        arguments = {**self._task.args, "_holder": holder(task_vars, ended, change_id(task_vars, self._templar))}
        return self._execute_module(module_args=arguments, task_vars=task_vars)
