# Copyright (c) 2026, the storefleet.commerce authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The entry of a report: one host of the inventory, which is one store root on one node."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from .baseline import last_known
from .history import History, Run
from .outcome import is_changed, outcome_of
from .standing import standing_of
from .terms import WELL


def entry_of(history: History, run: Run, carried: Mapping[str, Any] | None) -> dict[str, Any]:
    """The entry of a host.

    carried: the host's entry in the last full report, to tell what was known of it where this run knows nothing.
    """
    host, standing, audits = history.host, standing_of(history, run), history.audits
    audit = audits[-1]["audit"] if audits else {}
    facts = audit.get("store") or {}
    evidence = audit.get("evidence")
    return {
        "name": host["name"],
        "store": host.get("store") or host["name"],
        "address": host.get("address"),
        "root": host.get("root"),
        "state": standing.state,
        "status": standing.status,
        "reason": standing.reason,
        "next_step": standing.next_step,
        "before": _before(audits, standing),
        "outcome": outcome_of(history, run, standing),
        "audited": audits[-1]["time"] if audits else None,
        "stage": history.stage,
        "changed": is_changed(history),
        "actions": [action for change in history.changes for action in change.get("actions") or ()],
        "seconds": _seconds(history.changes),
        "messages": _messages(history, run, standing),
        "version": (evidence or {}).get("version") or facts.get("version"),
        "edition": facts.get("edition"),
        "evidence": evidence,
        "facts": audit.get("store"),
        "probe": audit.get("probe"),
        "waiver": audit["waiver"] if "waiver" in audit else host.get("waiver"),
        "carried": last_known(carried) if standing.status == "unknown" or not audits else None,
    }


def _before(audits, standing):
    """What the first audit said, where it is not what is said now."""
    if not audits:
        return None
    first = audits[0]["audit"]
    before = {"status": first["status"], "reason": first["reason"]}
    return before if len(audits) > 1 or before != {"status": standing.status, "reason": standing.reason} else None


def _seconds(changes):
    """How long each step took, over all calls."""
    sums: dict[str, float] = {}
    for change in changes:
        for step, seconds in (change.get("seconds") or {}).items():
            sums[step] = round(sums.get(step, 0) + seconds, 4)
    return dict(sorted(sums.items()))


def _messages(history, run, standing):
    messages = []
    if history.left_out and standing.status not in WELL:
        messages.append(_message(run.plan, None, f"Left out of the rollout: {history.left_out}"))
    for event in history.events:
        if event["event"] == "lost":
            messages.append(_message(event, event.get("task"), event.get("message")))
        elif event["event"] == "change" and event["failed"]:
            task = " ".join(part for part in (event["module"], event.get("step")) if part)
            messages.append(_message(event, task, event.get("message")))
    return _each_once(message for message in messages if message["text"])


def _message(event, task, text):
    return {"time": event["time"], "task": task, "text": text}


def _each_once(messages):
    """A module that fails is told by its own event and by that of its task: the later of them has the task's name."""
    by_text: dict[str, dict[str, Any]] = {}
    for message in messages:
        by_text[message["text"]] = message
    return list(by_text.values())
