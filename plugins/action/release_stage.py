# Copyright (c) 2026, the storefleet.commerce authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

from ansible.plugins.action import ActionBase

from ansible_collections.storefleet.commerce.plugins.plugin_utils.progress import shown
from ansible_collections.storefleet.commerce.plugins.plugin_utils.run_identity import holder


class ActionModule(ActionBase):
    """Runs the module of the same name for this run, and says every few seconds that it is still at work."""

    TRANSFERS_FILES = False

    def run(self, tmp=None, task_vars=None):
        """See ActionBase.run."""
        result = super().run(tmp, task_vars)
        del tmp
        arguments = {**self._task.args, "_holder": holder(task_vars)}
        with shown(f"{task_vars['inventory_hostname']}: building"):
            answer = self._execute_module(module_args=arguments, task_vars=task_vars, wrap_async=self._task.async_val)
        result.update(answer)
        return result
