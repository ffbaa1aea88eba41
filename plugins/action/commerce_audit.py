# Copyright (c) 2026, the storefleet.commerce authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

from ansible_collections.storefleet.commerce.plugins.plugin_utils.run_day import day_of_run
from ansible_collections.storefleet.commerce.plugins.plugin_utils.wheels import WheelsActionBase


class ActionModule(WheelsActionBase):
    """Runs the module of the same name, with Python libraries for a host that has none.

    Tells it which day it is, since the clocks of the stores' hosts may disagree.
    """

    def run(self, tmp=None, task_vars=None):
        """See ActionBase.run."""
        self._task.args = {**self._task.args, "_today": day_of_run().isoformat()}
        return super().run(tmp, task_vars)
