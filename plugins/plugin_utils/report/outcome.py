# Copyright (c) 2026, the storefleet.commerce authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What became of a host in a run that changes stores, as one of terms.OUTCOMES."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ansible_collections.storefleet.commerce.plugins.module_utils.verdict import lacking

from .history import History, Run
from .standing import Standing, is_way_back, touches_live
from .terms import WELL

# What the patch's files say of a store that a rollback has nothing to do on.
_WITHOUT_PATCH = ("not_applied", "not_available", "tool_missing", "tool_too_old")


def outcome_of(history: History, run: Run, standing: Standing) -> str | None:
    """The outcome; None for a run that changes nothing, and for a host outside of its --limit."""
    if not run.changing or standing.state == "not_selected":
        return None
    if standing.status == "needs_hands":
        return "needs_hands"
    if not history.audits:
        return "not_started"
    if run.check:
        return _predicted(history, run, standing)
    if history.begun:
        return _begun(history, run, standing)
    return _not_begun(history, run, standing)


def _predicted(history, run, standing):
    """A check leaves the behaviour alone, so that a patched store is not proven: there is nothing to do there."""
    if any(change["changed"] for change in history.changes):
        return "would_change"
    if standing.reason == "not_run" or _has_nothing_to_do(history, run, standing):
        return "nothing_to_do"
    return _undone(run) if history.begun else _not_begun(history, run, standing)


def _not_begun(history, run, standing):
    if _has_nothing_to_do(history, run, standing):
        return "nothing_to_do"
    # Without a plan nobody knows whether the run would have come to it.
    if history.stage is not None or (run.plan is None and run.aborted):
        return "not_started"
    return _undone(run)


def _begun(history, run, standing):
    changes = [change for change in history.changes if touches_live(change)]
    if standing.state == "unreachable" or standing.in_the_middle:
        return "lost"
    taken_back = any(
        change.get("code") == "rolled_back" or (is_way_back(change) and change["changed"]) for change in changes
    )
    if run.takes_out:
        if taken_back or any(change["failed"] for change in history.changes):
            return "taken_back" if taken_back else "not_taken_out"
        if any(change["changed"] for change in changes):
            return "taken_out"
        return "nothing_to_do" if _has_nothing_to_do(history, run, standing) else "not_taken_out"
    if not _is_well(history.audits[-1], standing.status):
        gone_back = history.host["name"] in run.way_back and _is_without_patch(history)
        return "taken_back" if taken_back or gone_back else "not_repaired"
    first = history.audits[0]
    was_well = _is_well(first, first["audit"]["status"]) and not (first["audit"].get("store") or {}).get("interrupted")
    return "nothing_to_do" if was_well or not is_changed(history) else "repaired"


def is_changed(history: History) -> bool:
    """Whether the run has really changed something on the host."""
    return any(change["changed"] and not change.get("check") for change in history.changes)


def _has_nothing_to_do(history, run, standing):
    return _is_without_patch(history) if run.takes_out else _is_well(history.audits[-1], standing.status)


def _is_well(audited: Mapping[str, Any], status: str) -> bool:
    """Whether a store of that status needs nothing, by its audit: another patch may be missing."""
    evidence: Mapping[str, Any] = audited["audit"].get("evidence") or {}
    return status in WELL and not lacking(evidence.get("patches") or {})


def _is_without_patch(history: History) -> bool:
    evidence: Mapping[str, Any] = history.audits[-1]["audit"].get("evidence") or {}
    return (evidence.get("patch") or {}).get("files") in _WITHOUT_PATCH


def _undone(run):
    return "not_taken_out" if run.takes_out else "not_repaired"
