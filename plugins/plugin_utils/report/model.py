# Copyright (c) 2026, the storefleet.commerce authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The report of a run, made of its events and nothing else: equal events give an equal report."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from .baseline import entries_by_name
from .drift import drift_of
from .entry import entry_of
from .errors import ReportError
from .history import histories, run_of
from .rollout import rollout_of
from .terms import SCHEMA_VERSION
from .totals import totals_of


def report_of(events: Iterable[Mapping[str, Any]], baseline: Mapping[str, Any] | None = None) -> dict[str, Any]:
    """The report of a run, as docs/fleet-report.schema.json describes it.

    events: as events.read gives them; without "end" among them, the run was aborted. baseline: the last full report.
    ReportError if the first event is not "run".
    """
    events = list(events)
    if not events or events[0]["event"] != "run":
        raise ReportError(
            "make a report", "the events of a run", "they do not begin with the run", "Remove their file.", "bad_events"
        )
    run = run_of(events)
    known = entries_by_name(baseline)
    entries = [entry_of(history, run, known.get(history.host["name"])) for history in histories(events, run)]
    report = {
        "schema_version": SCHEMA_VERSION,
        "collection": run.said["collection"],
        "run": {
            "id": run.said["run"],
            "playbook": run.said["playbook"],
            "controller": run.said["controller"],
            "started": run.said["time"],
            "ended": run.ended,
            "aborted": run.aborted,
            "change_id": run.said.get("change_id"),
            "sources": [],
        },
        "scope": _scope(run.said["scope"]),
    }
    return completed(report, entries, rollout_of(run), baseline)


def completed(
    head: Mapping[str, Any],
    entries: Iterable[dict[str, Any]],
    rollout: Mapping[str, Any] | None,
    baseline: Mapping[str, Any] | None,
) -> dict[str, Any]:
    """The report with all that follows from its entries.

    head: schema_version, collection, run and scope.
    """
    stores = sorted(entries, key=lambda entry: (entry["store"], entry["name"]))
    report = {**head, "totals": totals_of(stores), "stores": stores, "drift": None, "rollout": rollout}
    return {**report, "drift": drift_of(report, baseline)}


def _scope(said):
    """What of the fleet the run was about. A merged report is of several slices: a list, which is empty for unknown."""
    cut = said.get("slice")
    return {
        "pattern": said["pattern"],
        "limit": said.get("limit"),
        "check": bool(said.get("check")),
        "slice": {"numbers": [cut["number"]] if cut["number"] else [], "count": cut["count"]} if cut else None,
        "tags": said.get("tags"),
    }
