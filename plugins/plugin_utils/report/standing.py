# Copyright (c) 2026, the storefleet.commerce authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""How a host stands at the end of a run: its last audit, or what came after it and makes that worth nothing."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, NamedTuple

from ansible_collections.storefleet.commerce.plugins.module_utils.verdict import ENDED_STEP, WAIVED_STEP

from .history import History, Run
from .terms import WELL

# The letters of what came back that a next step repeats; a report's messages have all of it.
_WORDS = 200

NOT_SELECTED = "The run was limited to other stores: audit this one too."
NOT_STARTED = "The run ended before it came to this store: run it again."
UNREACHABLE = "Make the host reachable, then audit again: {said}"
FAILED = "Let modules run on the host, then audit again: {said}"
ROLLBACK_FAILED = "Put the store back by hand: the way back itself failed."
UNPROVEN = "The store was changed, and nothing has proven it since: audit it again."
IN_THE_MIDDLE = "The run ended in the middle of this store's change: run it again, which puts the store right."


class Standing(NamedTuple):
    """state: one of terms.STATES. status, reason, next_step: the verdict, whoever said it.

    in_the_middle: whether the run ended while it was changing the host.
    """

    state: str
    status: str
    reason: str
    next_step: str
    in_the_middle: bool = False


def standing_of(history: History, run: Run) -> Standing:
    """How the host stands now."""
    audits, since = history.audits, history.since_audit
    state = "audited" if audits else "failed"
    broken = [event for event in _real(history.changes) if event.get("code") == "rollback_failed"]
    if broken:
        return Standing(state, "needs_hands", "rollback_failed", broken[-1].get("next_step") or ROLLBACK_FAILED)
    away = _away(since)
    if away:
        gone = Standing("unreachable", "unknown", "unreachable", UNREACHABLE.format(said=_said(away)))
        return gone if audits else _waived(gone, history.host.get("waiver"))
    lost = next((event for event in reversed(since) if event["event"] == "lost"), None)
    if not audits:
        return _without_audit(history, lost)
    audit = audits[-1]["audit"]
    if _is_in_doubt(_real(since)):
        return Standing(state, "unknown", "tool_failed" if lost else "not_run", UNPROVEN, in_the_middle=not lost)
    if run.aborted and history.begun and not lost and not run.check and _is_to_be_changed(audit, run):
        return Standing(state, "unknown", "not_run", IN_THE_MIDDLE, in_the_middle=True)
    return Standing(state, audit["status"], audit["reason"], audit["next_step"])


def _away(events):
    """The last event that says that the host does not answer, if nothing came back from it since.

    A task that fails after it may be one of the control node's own, such as the role's word about the lost host.
    """
    away = None
    for event in events:
        if event["event"] == "change":
            away = None
        elif event["how"] == "unreachable":
            away = event
    return away


def _without_audit(history, lost):
    if lost:
        # What ends a module knowingly says itself what to do.
        next_step = lost["message"] if lost.get("next_step") else FAILED.format(said=_said(lost))
        failed = Standing("failed", "unknown", "tool_failed", next_step)
        return _waived(failed, history.host.get("waiver"))
    if not history.host.get("selected", True):
        return Standing("not_selected", "unknown", "not_run", NOT_SELECTED)
    return Standing("not_started", "unknown", "not_run", NOT_STARTED)


def _waived(standing, waiver):
    """What the audit would have made of the host's waiver, had there been one. A lost change is none's matter."""
    if not waiver:
        return standing
    words = {"why": waiver["reason"].rstrip("."), "day": waiver["expires"]}
    if waiver["expired"]:
        return standing._replace(next_step=ENDED_STEP.format(step=standing.next_step, **words))
    return standing._replace(status="waived", next_step=WAIVED_STEP.format(**words))


def _is_to_be_changed(audit, run):
    return run.takes_out or audit["status"] not in WELL


def _real(changes: Iterable[Mapping[str, Any]]) -> list[Mapping[str, Any]]:
    return [event for event in changes if event["event"] == "change" and not event.get("check")]


def _is_in_doubt(changes):
    """Whether live is not what it was before the changes, for all we know.

    A step that fails is undone by itself, unless it is one of the way back.
    """
    in_doubt = False
    for change in changes:
        if is_way_back(change):
            in_doubt = bool(change["failed"])
        elif change["changed"] and not change["failed"] and touches_live(change):
            in_doubt = True
    return in_doubt


def is_way_back(change: Mapping[str, Any]) -> bool:
    """Whether the change takes back what the same run did."""
    return (change.get("step") or "").startswith("back")


def touches_live(change: Mapping[str, Any]) -> bool:
    """Whether the change is one of what the store runs: a build lies beside it, and old files are of no use to it."""
    return change["module"] != "release_stage" and change.get("step") not in ("expire", "keep")


def _said(lost):
    said = " ".join((lost.get("message") or "no answer").split())
    return said if len(said) <= _WORDS else said[: _WORDS - 1] + "…"
