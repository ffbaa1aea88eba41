# Copyright (c) 2026, the storefleet.commerce authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the result of a task says of a store, as events. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple

OK = "ok"
FAILED = "failed"
UNREACHABLE = "unreachable"

AUDIT = "storefleet.commerce.commerce_audit"
CHANGES = {
    f"storefleet.commerce.{module}": module for module in ("release_stage", "release_switch", "quality_patch_live")
}
SET_FACT = ("set_fact", "ansible.builtin.set_fact", "ansible.legacy.set_fact")
# The facts by which a rollout says what it is going to do, why it does not go on, and what it takes back then.
PLAN_FACT = "commerce_rollout"
GATE_FACT = "commerce_rollout_stopped"
WAY_BACK_FACT = "commerce_rollout_way_back"

_LONGEST = 2000
_CENSORED = "What came back is not shown: the task has no_log."


class Done(NamedTuple):
    """A task that has ended on one host, whatever version of Ansible says so.

    action: the full name of its module. outcome: OK, FAILED or UNREACHABLE. ignored: a failure that does not count.
    step: the module's option of that name. result: what came back, an empty one for what must not be shown. check: the
    task was in check mode, as those of a play may be in a run that is none.
    """

    host: str
    action: str
    task: str
    outcome: str
    result: Mapping[str, Any]
    ignored: bool = False
    step: str | None = None
    check: bool = False


def events_of(done: Done, check: bool) -> list[dict[str, Any]]:
    """The events, without their time; none where the task says nothing of a store."""
    if done.action == AUDIT and "results" in done.result:
        return [event for item in done.result["results"] for event in events_of(_delegated(done, item), check)]
    if done.outcome == UNREACHABLE:
        return [_lost(done, UNREACHABLE)]
    events = []
    if done.action in CHANGES:
        events.append(_change(done, check))
    if done.outcome == FAILED:
        return events if done.ignored else [*events, _lost(done, FAILED)]
    if done.action == AUDIT:
        audit = done.result.get("audit")
        # The role lets no failure of its module count: it is in the result.
        return [{"event": "audit", "host": done.host, "audit": audit} if audit else _lost(done, FAILED)]
    if done.action in SET_FACT:
        return _rollout(done.result.get("ansible_facts") or {})
    return events


def _delegated(done, item):
    """One audit of a loop over hosts, by which one host has others audited."""
    outcome = UNREACHABLE if item.get("unreachable") else OK
    return done._replace(host=str(item[item.get("ansible_loop_var", "item")]), outcome=outcome, result=item)


def _rollout(facts):
    plan, stopped, way_back = (facts.get(name) or {} for name in (PLAN_FACT, GATE_FACT, WAY_BACK_FACT))
    events = []
    if plan:
        stages = [list(stage["hosts"]) for stage in plan.get("stages", [])]
        events.append({"event": "plan", "stages": stages, "left_out": dict(plan.get("left_out") or {})})
    if stopped.get("text"):
        events.append({"event": "gate", "kind": stopped["kind"], "message": _cut(stopped["text"])})
    if way_back.get("hosts"):
        events.append({"event": "way_back", "hosts": list(way_back["hosts"])})
    return events


def _change(done, check):
    failed = done.outcome == FAILED
    return {
        "event": "change",
        "host": done.host,
        "module": CHANGES[done.action],
        "step": done.step,
        "changed": bool(done.result.get("changed")),
        "failed": failed,
        "code": done.result.get("code"),
        "message": _message(done) if failed else None,
        "next_step": done.result.get("next_step"),
        "actions": list(done.result.get("actions") or []),
        "seconds": dict(done.result.get("seconds") or {}),
        "check": check or done.check,
    }


def _lost(done, how):
    return {
        "event": "lost",
        "host": done.host,
        "how": how,
        "task": done.task,
        "message": _message(done),
        "next_step": done.result.get("next_step"),
    }


def _message(done):
    if "censored" in done.result:
        return _CENSORED
    # Newer versions of Ansible put words of their own before it.
    return _cut(str(done.result.get("msg") or "").removeprefix("Task failed: ").strip()) or "No message came back."


def _cut(text):
    return text if len(text) <= _LONGEST else text[: _LONGEST - 1] + "…"
