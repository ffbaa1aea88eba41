# Copyright (c) 2026, the storefleet.commerce authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

from ansible.module_utils.common.arg_spec import ArgumentSpecValidator

from ansible_collections.storefleet.commerce.plugins.module_utils.audit_options import AUDIT_OPTIONS
from ansible_collections.storefleet.commerce.plugins.module_utils.errors import CommerceError
from ansible_collections.storefleet.commerce.plugins.plugin_utils.run_day import day_of_run
from ansible_collections.storefleet.commerce.plugins.plugin_utils.wheels import WheelsActionBase


class ActionModule(WheelsActionBase):
    """Runs the module of the same name, with Python libraries for a host that has none.

    Tells it which day it is, since the clocks of the stores' hosts may disagree. Options that it would not take are
    told before a host is connected to, in a sentence for each store: a role's own check of its arguments answers with
    all of their documentation, and the run keeps as much of each store.
    """

    def run(self, tmp=None, task_vars=None):
        """See ActionBase.run."""
        self._task.args = {**self._task.args, "_today": day_of_run().isoformat()}
        wrong = ArgumentSpecValidator(**AUDIT_OPTIONS).validate(self._task.args).error_messages
        if wrong:
            error = _not_taken(wrong)
            return {"failed": True, "msg": str(error), "code": error.code, "next_step": error.next_step}
        return super().run(tmp, task_vars)


def _not_taken(wrong):
    next_step = "Correct the variable: commerce_ and the option's name."
    return CommerceError("take the options", "commerce_audit", "; ".join(wrong), next_step, code="bad_options")
