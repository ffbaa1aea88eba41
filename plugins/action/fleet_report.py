# Copyright (c) 2026, the storefleet.commerce authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import os

from ansible.plugins.action import ActionBase

from ansible_collections.storefleet.commerce.plugins.modules.fleet_report import ARGUMENTS
from ansible_collections.storefleet.commerce.plugins.plugin_utils.callback_options import callback_options
from ansible_collections.storefleet.commerce.plugins.plugin_utils.report import publishing
from ansible_collections.storefleet.commerce.plugins.plugin_utils.report.errors import ReportError


class ActionModule(ActionBase):
    """Finishes and merges reports, in this process: they are on the control node."""

    TRANSFERS_FILES = False
    _requires_connection = False
    _supports_check_mode = True

    def run(self, tmp=None, task_vars=None):
        """See ActionBase.run."""
        result = super().run(tmp, task_vars)
        del tmp
        dummy, arguments = self.validate_argument_spec(ARGUMENTS)
        try:
            result.update(self._reported(arguments, _described(arguments["fleet"], task_vars or {})))
        except ReportError as error:
            result.update(failed=True, msg=str(error), code=error.code, next_step=error.next_step)
        return result

    def _reported(self, arguments, fleet):
        reports, handed_over = arguments["reports"], arguments["handed_over"]
        options = callback_options()
        directory = os.path.abspath(arguments["directory"] or options["directory"])
        place = publishing.Place(directory, options["formats"], options["keep"])
        dry = self._task.check_mode
        finished, notes = place.finish(dry)
        result = {
            "finished": finished,
            "directory": directory,
            **dict.fromkeys(("report", "run", "totals", "drift", "statuses")),
        }
        if reports or handed_over:
            report, more = place.merge(reports, dry, handed_over, fleet)
            notes += more
            result.update(
                report=str(place.report_file),
                run=report["run"]["id"],
                totals=report["totals"],
                drift=report["drift"],
                statuses={entry["name"]: entry["status"] for entry in report["stores"]},
                summary=place.summary(report, color=False),
            )
        return {"changed": bool(finished or reports or handed_over), "warnings": notes, "summary": "", **result}


def _described(names, task_vars):
    """Hosts as the event "run" has them, as far as that is known without a play about them."""
    hostvars = task_vars.get("hostvars") or {}
    return [
        {"name": name, "store": _store(hostvars.get(name) or {}, name), "address": None, "root": None, "selected": True}
        for name in names
    ]


def _store(variables, name):
    return str(variables.get("commerce_store") or name)
