# Copyright (c) 2026, the storefleet.commerce authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The baseline: the last report of the whole fleet, which the next one is compared with."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any


def is_full(report: Mapping[str, Any]) -> bool:
    """Whether a report is one of a whole fleet: of a run that was neither narrowed nor aborted, and no check."""
    scope = report["scope"]
    narrowed = scope["limit"] or scope["check"] or scope["slice"] or scope["tags"]
    return bool(report["stores"]) and not report["run"]["aborted"] and not narrowed


def becomes_baseline(report: Mapping[str, Any], baseline: Mapping[str, Any] | None) -> bool:
    """Whether the report is the baseline from now on.

    One of another pattern is of another fleet, unless it has every host of the baseline.
    """
    if not is_full(report):
        return False
    if baseline is None:
        return True
    if report["run"]["started"] < baseline["run"]["started"]:
        return False
    return report["scope"]["pattern"] == baseline["scope"]["pattern"] or _names(baseline) <= _names(report)


def last_known(entry: Mapping[str, Any] | None) -> dict[str, Any] | None:
    """What was last known of a host by evidence: {"run", "audited", "status", "reason"}; None if it never was.

    entry: the host's in the baseline, with the run of that under "run".
    """
    if entry is None:
        return None
    if entry["status"] == "unknown" or entry["audited"] is None:
        return entry["carried"]
    return {key: entry[key] for key in ("run", "audited", "status", "reason")}


def entries_by_name(report: Mapping[str, Any] | None) -> dict[str, dict[str, Any]]:
    """The entries of a report by the host's name, each with the report's run under "run"."""
    if report is None:
        return {}
    return {entry["name"]: {**entry, "run": report["run"]["id"]} for entry in report["stores"]}


def _names(report):
    return {entry["name"] for entry in report["stores"]}
