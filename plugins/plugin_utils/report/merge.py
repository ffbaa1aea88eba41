# Copyright (c) 2026, the storefleet.commerce authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""One report of several: of the slices of a job, of regions with control nodes of their own, of several runs."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from .errors import ReportError
from .merged_scope import merged_scope
from .model import completed, report_of
from .terms import LOOKED_AT, SCHEMA_VERSION

# The order in which the states of a host that a run did not look at say more and more.
_NOT_LOOKED_AT = ("not_selected", "not_started")


def merged(
    reports: Iterable[Mapping[str, Any]],
    baseline: Mapping[str, Any] | None = None,
    fleet: Iterable[Mapping[str, Any]] = (),
) -> dict[str, Any]:
    """The report of all hosts of the reports; of each host what the newest look at it says.

    fleet: all hosts that there should be, as the event "run" has them, where that is known. Those that no report has
    are in this one: nobody has come to them, and the run counts as aborted.
    The order of the reports makes no difference, nor does one that is given twice, or is in another one already.
    Its run is aborted, or a check, where one is that an entry comes from. ReportError for no report, for one of another
    schema_version, and for one name that stands for different stores.
    """
    reports, fleet = list(reports), list(fleet)
    if not reports:
        raise _refused("the reports", "none was named", "Name at least one JSON report.", "no_reports")
    for report in reports:
        _require_version(report)
    entries = _newest(reports)
    missing = _missing(reports[0], [host for host in fleet if host["name"] not in entries], baseline)
    entries.update(missing)
    sources = [report for report in reports if not report["stores"] or _contributes(report, entries)]
    ids = sorted({source for report in reports for source in report["run"]["sources"] or [report["run"]["id"]]})
    ended = [report["run"]["ended"] for report in sources]
    head = {
        "schema_version": SCHEMA_VERSION,
        "collection": max(report["collection"] for report in sources),
        "run": {
            "id": "merge-" + hashlib.sha256("\n".join(ids).encode()).hexdigest()[:12],
            "playbook": _common(report["run"]["playbook"] for report in sources) or "report",
            "controller": ",".join(sorted({name for report in sources for name in _listed(report, "controller")})),
            "started": min(report["run"]["started"] for report in sources),
            "ended": None if None in ended else max(ended),
            "aborted": bool(missing) or any(report["run"]["aborted"] for report in sources),
            "change_id": _common(report["run"]["change_id"] for report in sources),
            "sources": ids,
        },
        "scope": merged_scope(
            [report["scope"] for report in reports],
            check=any(report["scope"]["check"] for report in sources),
            whole=all(entry["state"] != "not_selected" for entry in entries.values()),
            complete=bool(fleet) and not missing,
        ),
    }
    rollouts = [report["rollout"] for report in reports if report["rollout"]]
    same = rollouts and all(rollout == rollouts[0] for rollout in rollouts)
    return completed(head, entries.values(), rollouts[0] if same else None, baseline)


def _missing(report, hosts, baseline):
    """The entries of hosts that nobody has come to, by their names: those of a run that was killed at once."""
    run = {
        "event": "run",
        "time": report["run"]["started"],
        "run": report["run"]["id"],
        "playbook": report["run"]["playbook"],
        "collection": report["collection"],
        "controller": report["run"]["controller"],
        "scope": {"pattern": report["scope"]["pattern"]},
        "hosts": hosts,
    }
    return {entry["name"]: entry for entry in report_of([run], baseline)["stores"]} if hosts else {}


def _require_version(report):
    version = report.get("schema_version")
    if version == SCHEMA_VERSION:
        return
    run = (report.get("run") or {}).get("id") or "a file without a run"
    newer = isinstance(version, int) and version > SCHEMA_VERSION
    raise _refused(
        run,
        f"its schema_version is {version}, and this collection's is {SCHEMA_VERSION}",
        "Merge it with the collection that wrote it, or a newer one." if newer else "Leave it out.",
        "mixed_versions",
    )


def _newest(reports: Sequence[Mapping[str, Any]]) -> dict[str, Mapping[str, Any]]:
    _require_own_names(reports)
    newest: dict[str, Mapping[str, Any]] = {}
    for report in reports:
        for entry in report["stores"]:
            other = newest.setdefault(entry["name"], entry)
            if _is_newer(entry, other):
                newest[entry["name"]] = entry
    return newest


def _require_own_names(reports):
    """A name that stands for two stores would hide one of them."""
    seen: dict[tuple[str, str], tuple[str, str]] = {}
    for report in reports:
        for entry in report["stores"]:
            for key in ("address", "root"):
                if entry[key] is not None:
                    here = (entry[key], report["run"]["id"])
                    there = seen.setdefault((entry["name"], key), here)
                    if there[0] != here[0]:
                        raise _ambiguous(entry["name"], key, there, here)


def _ambiguous(name, key, there, here):
    return _refused(
        name,
        f"its {key} is {there[0]} in the run {there[1]}, and {here[0]} in the run {here[1]}",
        "Give each store of the fleet a name of its own, or leave out the report that is out of date.",
        "ambiguous_name",
    )


def _is_newer(entry, other):
    if _when(entry) != _when(other):
        return _when(entry) > _when(other)
    # Equal in time, but not in what they say: any rule does that does not ask for the order.
    return entry != other and _text(entry) > _text(other)


def _when(entry):
    """What decides: that a run looked at the host, and when."""
    if entry["state"] in LOOKED_AT:
        return (len(_NOT_LOOKED_AT), max([entry["audited"] or "", *(message["time"] for message in entry["messages"])]))
    return (_NOT_LOOKED_AT.index(entry["state"]), (entry["carried"] or {}).get("audited") or "")


def _contributes(report, entries):
    return any(entries[entry["name"]] == entry for entry in report["stores"])


def _listed(report, key):
    return report["run"][key].split(",")


def _common(values):
    values = set(values)
    return values.pop() if len(values) == 1 else None


def _text(entry):
    return json.dumps(entry, sort_keys=True)


def _refused(on, came_back, next_step, code):
    return ReportError("merge reports", on, came_back, next_step, code)
