# Copyright (c) 2026, the storefleet.commerce authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

from typing import Any

import pytest

from ansible_collections.storefleet.commerce.plugins.plugin_utils.report.task_events import (
    AUDIT,
    FAILED,
    OK,
    UNREACHABLE,
    Done,
    events_of,
)

SWITCH = "storefleet.commerce.release_switch"
VERDICT = {"status": "vulnerable", "reason": "unpatched"}


def said(action: str, outcome: str, result: dict[str, Any], check: bool = False, **more: Any) -> list[dict[str, Any]]:
    return events_of(Done("shop", action, "The task", outcome, result, **more), check)


def lost(how: str, message: str, next_step: str | None = None) -> dict[str, Any]:
    event = {"event": "lost", "host": "shop", "how": how, "task": "The task", "message": message}
    return {**event, "next_step": next_step}


@pytest.mark.parametrize(
    ("action", "outcome", "result", "ignored", "expected"),
    [
        (AUDIT, OK, {"audit": VERDICT}, False, [{"event": "audit", "host": "shop", "audit": VERDICT}]),
        # The role has failed_when: false.
        (AUDIT, OK, {"msg": "no python"}, False, [lost("failed", "no python")]),
        (AUDIT, FAILED, {"msg": "no python"}, False, [lost("failed", "no python")]),
        (AUDIT, OK, {"msg": "no. Do.", "next_step": "Do."}, False, [lost("failed", "no. Do.", "Do.")]),
        (AUDIT, FAILED, {"msg": "no python"}, True, []),
        (AUDIT, UNREACHABLE, {"msg": "no answer"}, True, [lost("unreachable", "no answer")]),
        (AUDIT, UNREACHABLE, {"msg": "Task failed: no answer"}, False, [lost("unreachable", "no answer")]),
        (AUDIT, OK, {}, False, [lost("failed", "No message came back.")]),
        ("ansible.builtin.assert", OK, {"msg": "fine"}, False, []),
        ("ansible.builtin.assert", FAILED, {"msg": "not all nodes"}, False, [lost("failed", "not all nodes")]),
        ("storefleet.commerce.store_lease", FAILED, {"msg": "leased"}, True, []),
        (SWITCH, UNREACHABLE, {"msg": "no answer"}, False, [lost("unreachable", "no answer")]),
    ],
)
def test_a_result_says(action: str, outcome: str, result: dict, ignored: bool, expected: list) -> None:
    assert said(action, outcome, result, ignored=ignored) == expected


def test_what_has_no_log_is_not_shown() -> None:
    (event,) = said(AUDIT, FAILED, {"censored": "hidden", "msg": "password=x"})
    assert event["message"] == "What came back is not shown: the task has no_log."


def test_a_long_message_is_cut() -> None:
    (event,) = said(AUDIT, FAILED, {"msg": "x" * 3000})
    assert len(event["message"]) == 2000
    assert event["message"].endswith("x…")
    (event,) = said(AUDIT, FAILED, {"msg": "x" * 2000})
    assert event["message"] == "x" * 2000


def test_a_change_is_told_with_what_was_done() -> None:
    result = {"changed": True, "actions": ["switched the code"], "seconds": {"code": 0.5}, "files": ["a"], "msg": "x"}
    assert said(SWITCH, OK, result, check=True, step="code") == [
        {
            "event": "change",
            "host": "shop",
            "module": "release_switch",
            "step": "code",
            "changed": True,
            "failed": False,
            "code": None,
            "message": None,
            "next_step": None,
            "actions": ["switched the code"],
            "seconds": {"code": 0.5},
            "check": True,
        }
    ]


def test_a_change_that_failed_is_a_change_and_a_loss() -> None:
    result = {"msg": "went back", "code": "rolled_back", "next_step": "See the log."}
    change, loss = said(SWITCH, FAILED, result)
    assert (change["event"], change["failed"], change["changed"]) == ("change", True, False)
    assert (change["code"], change["message"], change["next_step"]) == ("rolled_back", "went back", "See the log.")
    assert loss == lost("failed", "went back", "See the log.")


def test_a_change_whose_failure_is_ignored_is_told_as_failed() -> None:
    (change,) = said(SWITCH, FAILED, {"msg": "leased", "code": "leased"}, ignored=True)
    assert change["failed"]


@pytest.mark.parametrize("action", ["set_fact", "ansible.builtin.set_fact"])
def test_a_plan_is_a_fact(action: str) -> None:
    plan = {"stages": [{"number": 1, "stores": ["a"], "hosts": ["a1", "a2"]}], "left_out": {"b": "b is away"}}
    assert said(action, OK, {"ansible_facts": {"commerce_rollout": plan, "other": 1}}) == [
        {"event": "plan", "stages": [["a1", "a2"]], "left_out": {"b": "b is away"}}
    ]


def test_the_gate_is_a_fact() -> None:
    facts = {"commerce_rollout_stopped": {"kind": "lost", "text": "1 store was lost."}}
    assert said("ansible.builtin.set_fact", OK, {"ansible_facts": facts}) == [
        {"event": "gate", "kind": "lost", "message": "1 store was lost."}
    ]


@pytest.mark.parametrize("facts", [None, {}, {"other": 1}, {"commerce_rollout_stopped": {"kind": "", "text": ""}}])
def test_other_facts_say_nothing(facts: Any) -> None:
    assert said("ansible.builtin.set_fact", OK, {"ansible_facts": facts}) == []


def test_what_is_taken_back_is_a_fact() -> None:
    facts = {"commerce_rollout_way_back": {"hosts": ["a", "b"], "left": {"c": "it is lost itself"}}}
    assert said("set_fact", OK, {"ansible_facts": facts}) == [{"event": "way_back", "hosts": ["a", "b"]}]
    assert said("set_fact", OK, {"ansible_facts": {"commerce_rollout_way_back": {"hosts": [], "left": {}}}}) == []


@pytest.mark.parametrize("outcome", [OK, UNREACHABLE])
def test_audits_that_one_host_asks_for_are_those_of_the_others(outcome: str) -> None:
    results = [
        {"item": "b", "ansible_loop_var": "item", "audit": {"status": "compliant"}},
        {"item": "c", "ansible_loop_var": "item", "msg": "no route", "unreachable": True},
        {"item": "d", "ansible_loop_var": "item", "msg": "no python", "failed": False},
    ]
    told = said(AUDIT, outcome, {"results": results})
    assert [(event["event"], event["host"], event.get("how")) for event in told] == [
        ("audit", "b", None),
        ("lost", "c", "unreachable"),
        ("lost", "d", "failed"),
    ]
    assert said(AUDIT, outcome, {"results": [], "skipped": True}) == []
