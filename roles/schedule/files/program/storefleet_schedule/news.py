# Copyright (c) 2026, the storefleet.commerce authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a run has to say, from its report. Pure but for current_report."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any, Dict, Mapping, Optional

REPORT = "fleet-report.json"
# In the order in which a reader has to know of them.
DRIFT = ("lost", "changed", "gone", "new", "recovered", "gained")
# A message about a fleet that is away as a whole still has to fit into a chat.
MOST_NAMES = 50
WELL = ("compliant", "not_applicable", "waived")


def current_report(folder: str) -> Optional[Dict[str, Any]]:
    """The newest report of the folder; None if there is none that can be read."""
    try:
        report = json.loads(Path(folder, REPORT).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return None
    return report if isinstance(report, dict) and report.get("schema_version") == 1 else None


def report_of_run(before: Optional[Mapping[str, Any]], after: Optional[Mapping[str, Any]]):
    """The report that the run wrote; None where it wrote none, and the folder has the one of an earlier run."""
    if after is None or (before is not None and before["run"]["id"] == after["run"]["id"]):
        return None
    return after


def is_news(status: int, report: Optional[Mapping[str, Any]], before: Optional[Mapping[str, Any]]) -> bool:
    """Whether someone has to know: the audit failed, a store changed, or there was nothing to compare with.

    before: the report of the run before. A run with a limit is compared with that, since it never becomes the baseline.
    """
    if status != 0 or report is None or report["run"]["aborted"]:
        return True
    if report["drift"]["baseline"] is None:
        return before is None or _standings(before) != _standings(report)
    return any(report["drift"][kind] for kind in DRIFT)


def message(name: str, node: str, folder: str, status: int, report: Optional[Mapping[str, Any]]) -> Dict[str, Any]:
    """What is posted, and what the operator's command reads.

    name: the schedule's. node: the control node's. status: the audit's exit status. Each list of names is cut.
    """
    return {
        "schedule": name,
        "node": node,
        "status": status,
        "text": "{0} on {1}: {2}".format(name, node, _sentence(status, report)),
        "run": report["run"]["id"] if report else None,
        "ended": report["run"]["ended"] if report else None,
        "totals": report["totals"] if report else None,
        "drift": {kind: report["drift"][kind][:MOST_NAMES] for kind in DRIFT} if report else None,
        "not_well": _not_well(report) if report else None,
        "report": str(Path(folder, REPORT)) if report else None,
    }


def _standings(report):
    return {entry["name"]: (entry["status"], entry["reason"]) for entry in report["stores"]}


def _not_well(report):
    found = [entry for entry in report["stores"] if entry["status"] not in WELL]
    return [{key: entry[key] for key in ("name", "status", "reason", "next_step")} for entry in found[:MOST_NAMES]]


def _sentence(status, report):
    if report is None:
        return "the audit ended with status {0} and wrote no report. The journal of the service says why.".format(
            status
        )
    parts = []
    for kind in DRIFT:
        names = report["drift"][kind]
        if names:
            more = ", and {0} more".format(len(names) - 5) if len(names) > 5 else ""
            parts.append("{0}: {1}{2}".format(kind, ", ".join(names[:5]), more))
    totals = report["totals"]
    parts.append("{0} of {1} hosts are well".format(totals["well"], totals["hosts"]))
    if report["run"]["aborted"]:
        parts.append("the run was aborted")
    return "{0}.".format("; ".join(parts))
