# Copyright (c) 2026, the storefleet.commerce authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""From the events of a run to its report: every host once, whatever became of the run, and unknown is never green."""

from __future__ import annotations

import random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from support import reports as r

from ansible_collections.storefleet.commerce.plugins.plugin_utils.report import standing
from ansible_collections.storefleet.commerce.plugins.plugin_utils.report.errors import ReportError
from ansible_collections.storefleet.commerce.plugins.plugin_utils.report.model import report_of
from ansible_collections.storefleet.commerce.plugins.plugin_utils.report.render_json import render
from ansible_collections.storefleet.commerce.plugins.plugin_utils.report.terms import WELL

REMEDIATE, ROLLBACK = "remediate", "rollback"


def entry(*events, playbook="audit", ended=True, selected=True, baseline=None, **scope):
    """The entry of the only host, at."""
    begun = r.run([r.host("at", selected=selected)], playbook, **scope)
    (found,) = report_of([begun, *events, *([r.end()] if ended else [])], baseline)["stores"]
    return found


def said(found, *keys):
    return tuple(found[key] for key in keys or ("state", "status", "reason", "outcome"))


def with_other(state, at=10):
    """The audit of a well store with another patch in that state."""
    found = r.audit("at", "patched", at)
    found["audit"]["evidence"]["patches"] = {"ACSD-62332": state}
    return found


# Of each: what happens after the run has begun, and what is said of the host in a run that repairs.
AFTER = {
    "nothing": ([], ("not_started", "unknown", "not_run", "not_started")),
    "well": ([r.audit("at", "patched")], ("audited", "compliant", "patched", "nothing_to_do")),
    "waived": ([r.waived("at", False)], ("audited", "waived", "unpatched", "nothing_to_do")),
    "waiver ended": ([r.waived("at", True)], ("audited", "vulnerable", "unpatched", "not_repaired")),
    "not testable": ([r.audit("at", "not_testable")], ("audited", "unknown", "not_testable", "not_repaired")),
    "away": ([r.lost("at")], ("unreachable", "unknown", "unreachable", "not_started")),
    "no Python": ([r.lost("at", "failed")], ("failed", "unknown", "tool_failed", "not_started")),
    "back again": ([r.lost("at"), r.audit("at", "patched", 25)], ("audited", "compliant", "patched", "nothing_to_do")),
    "its stage did not start": (
        [r.audit("at", "unpatched"), r.plan(["x"], ["at"]), r.stage(1, "x"), r.gate()],
        ("audited", "vulnerable", "unpatched", "not_started"),
    ),
    "its stage was stopped by the gate": (
        [r.audit("at", "unpatched"), r.plan(["x"], ["at"]), r.stage(1, "x"), r.stage(2, "at"), r.gate()],
        ("audited", "vulnerable", "unpatched", "not_started"),
    ),
    "left out": (
        [r.audit("at", "unpatched"), r.plan(left_out={"at": "x is unreachable"})],
        ("audited", "vulnerable", "unpatched", "not_repaired"),
    ),
    "repaired": (
        [r.audit("at", "unpatched"), r.plan(["at"]), r.stage(1, "at"), *r.repaired("at")],
        ("audited", "compliant", "patched", "repaired"),
    ),
    "repaired without a plan": (
        [r.audit("at", "unpatched"), *r.repaired("at")],
        ("audited", "compliant", "patched", "repaired"),
    ),
    "well, and has another patch": (
        [with_other("applied")],
        ("audited", "compliant", "patched", "nothing_to_do"),
    ),
    "well, and got another patch": (
        [with_other("not_applied"), r.change("at"), with_other("applied", 90)],
        ("audited", "compliant", "patched", "repaired"),
    ),
    "well, and another patch did harm": (
        [
            with_other("not_applied"),
            r.change("at", "release_stage"),
            r.failed_switch("at"),
            with_other("not_applied", 90),
        ],
        ("audited", "compliant", "patched", "taken_back"),
    ),
    "well, and another patch could not be had": (
        [
            with_other("not_applied"),
            r.change("at", "release_stage", changed=False, failed=True, code="needs_more"),
            with_other("not_applied", 90),
        ],
        ("audited", "compliant", "patched", "not_repaired"),
    ),
    "interrupted, and put right": (
        [r.audit("at", "patched", store={"interrupted": True}), *r.repaired("at")],
        ("audited", "compliant", "patched", "repaired"),
    ),
    "well, and rid of old files": (
        [r.audit("at", "patched"), r.change("at", step="expire")],
        ("audited", "compliant", "patched", "nothing_to_do"),
    ),
    "taken back by the switch": (
        [
            r.audit("at", "unpatched"),
            r.change("at", "release_stage"),
            r.failed_switch("at"),
            r.lost("at", "failed", 70),
        ],
        ("audited", "vulnerable", "unpatched", "taken_back"),
    ),
    "taken back with its other nodes": (
        [
            r.audit("at", "unpatched"),
            r.change("at", step="code"),
            r.change("at", step="back_code"),
            r.lost("at", "failed", 70),
        ],
        ("audited", "vulnerable", "unpatched", "taken_back"),
    ),
    "the way back failed": (
        [r.audit("at", "unpatched"), r.change("at", step="code"), r.failed_switch("at", "rollback_failed")],
        ("audited", "needs_hands", "rollback_failed", "needs_hands"),
    ),
    "the way back failed, and an audit was well": (
        [r.audit("at", "unpatched"), r.failed_switch("at", "rollback_failed"), r.audit("at", "patched", 90)],
        ("audited", "needs_hands", "rollback_failed", "needs_hands"),
    ),
    "a step back failed": (
        [
            r.audit("at", "unpatched"),
            r.change("at", step="code"),
            r.change("at", step="back_code", changed=False, failed=True, code="failed"),
            r.lost("at", "failed", 70),
        ],
        ("audited", "unknown", "tool_failed", "not_repaired"),
    ),
    "did not compile": (
        [
            r.audit("at", "unpatched"),
            r.change("at", "release_stage", changed=False, failed=True, code="compile_failed"),
            r.lost("at", "failed", 70),
        ],
        ("audited", "vulnerable", "unpatched", "not_repaired"),
    ),
    "changed, and failed before it was proven": (
        [r.audit("at", "unpatched"), r.change("at"), r.lost("at", "failed", 70)],
        ("audited", "unknown", "tool_failed", "not_repaired"),
    ),
    "changed, and never proven": (
        [r.audit("at", "unpatched"), r.change("at")],
        ("audited", "unknown", "not_run", "lost"),
    ),
    "repaired, and still not well": (
        [r.audit("at", "unpatched"), r.change("at"), r.audit("at", "not_effective", 90)],
        ("audited", "vulnerable", "not_effective", "not_repaired"),
    ),
    "lost while it was built": (
        [r.audit("at", "unpatched"), r.plan(["at"]), r.stage(1, "at"), r.lost("at", at=70)],
        ("unreachable", "unknown", "unreachable", "lost"),
    ),
    "lost in its switch, and told so by the control node": (
        [
            r.audit("at", "unpatched"),
            r.change("at", "release_stage"),
            r.lost("at", at=70),
            r.lost("at", "failed", 71, "This node does not answer any more."),
        ],
        ("unreachable", "unknown", "unreachable", "lost"),
    ),
    "lost in its switch, and put back when it answered again": (
        [
            r.audit("at", "unpatched"),
            r.lost("at", at=70),
            r.change("at", step="back"),
            r.lost("at", "failed", 71, "This node is as it was."),
        ],
        ("audited", "vulnerable", "unpatched", "taken_back"),
    ),
    "did not compile, and had nothing to put back": (
        [
            r.audit("at", "unpatched"),
            r.change("at", "release_stage", changed=False, failed=True, code="compile_failed"),
            r.change("at", step="back", changed=False),
            r.lost("at", "failed", 71),
        ],
        ("audited", "vulnerable", "unpatched", "not_repaired"),
    ),
    "repaired, and then lost": (
        [r.audit("at", "unpatched"), *r.repaired("at"), r.lost("at", at=90)],
        ("unreachable", "unknown", "unreachable", "lost"),
    ),
}


@pytest.mark.parametrize("case", AFTER)
def test_of_a_repair(case) -> None:
    events, expected = AFTER[case]
    assert said(entry(*events, playbook=REMEDIATE)) == expected


@pytest.mark.parametrize(
    ("events", "expected"),
    [
        ([], ("not_started", "unknown", "not_run", "not_started")),
        ([r.audit("at", "patched")], ("audited", "compliant", "patched", "nothing_to_do")),
        ([r.audit("at", "unpatched")], ("audited", "vulnerable", "unpatched", "not_started")),
        (
            [r.audit("at", "unpatched"), r.plan(["x"], ["at"]), r.stage(1, "x")],
            ("audited", "vulnerable", "unpatched", "not_started"),
        ),
        (
            [r.audit("at", "unpatched"), r.plan(["at"]), r.stage(1, "at")],
            ("audited", "unknown", "not_run", "lost"),
        ),
        (
            [r.audit("at", "unpatched"), r.plan(["at"]), r.stage(1, "at"), *r.repaired("at")],
            ("audited", "compliant", "patched", "repaired"),
        ),
        (
            [
                r.audit("at", "unpatched"),
                r.plan(["at"]),
                r.stage(1, "at"),
                r.failed_switch("at"),
                r.lost("at", "failed"),
            ],
            ("audited", "vulnerable", "unpatched", "taken_back"),
        ),
    ],
)
def test_of_a_repair_that_was_aborted(events, expected) -> None:
    assert said(entry(*events, playbook=REMEDIATE, ended=False)) == expected


@pytest.mark.parametrize(
    ("events", "expected"),
    [
        ([r.audit("at", "patched"), r.change("at", step="revert"), r.audit("at", "unpatched", 80)], "taken_out"),
        ([r.audit("at", "unpatched")], "nothing_to_do"),
        ([r.audit("at", "unpatched"), r.change("at", "release_stage", changed=False)], "nothing_to_do"),
        ([r.audit("at", "patched"), r.plan(["x"], ["at"]), r.stage(1, "x")], "not_started"),
        ([r.audit("at", "patched"), r.plan(left_out={"at": "x is unreachable"})], "not_taken_out"),
        ([r.audit("at", "patched"), r.failed_switch("at"), r.lost("at", "failed", 70)], "taken_back"),
        (
            [r.audit("at", "patched"), r.failed_switch("at", "live_changed"), r.lost("at", "failed", 70)],
            "not_taken_out",
        ),
        ([r.audit("at", "patched"), r.change("at", step="code"), r.lost("at", at=70)], "lost"),
        ([r.audit("at", "patched"), r.failed_switch("at", "rollback_failed")], "needs_hands"),
    ],
)
def test_of_a_rollback_a_vulnerable_store_is_what_was_wanted(events, expected) -> None:
    assert entry(*events, playbook=ROLLBACK)["outcome"] == expected


@pytest.mark.parametrize(("way_back", "outcome"), [(["at"], "taken_back"), (["x"], "not_repaired")])
def test_what_a_rollout_takes_back_when_it_stops(way_back, outcome) -> None:
    events = [
        r.audit("at", "unpatched"),
        r.plan(["at"]),
        r.stage(1, "at"),
        *r.repaired("at"),
        r.gate("no", kind="refused"),
    ]
    events += [r.way_back(*way_back), r.change("at", step="revert", at=100), r.audit("at", "unpatched", 110)]
    assert entry(*events, playbook=REMEDIATE)["outcome"] == outcome


def test_a_compliant_store_in_the_middle_of_its_rollback_is_not_compliant_any_more() -> None:
    events = [r.audit("at", "patched"), r.plan(["at"]), r.stage(1, "at")]
    assert said(entry(*events, playbook=ROLLBACK, ended=False)) == ("audited", "unknown", "not_run", "lost")


@pytest.mark.parametrize(
    ("events", "expected"),
    [
        (
            [r.audit("at", "unpatched"), r.change("at", "release_stage", check=True)],
            ("vulnerable", "would_change", False),
        ),
        (
            [r.audit("at", "unpatched"), r.plan(["at"]), r.stage(1, "at"), r.change("at", check=True, changed=False)],
            ("vulnerable", "not_repaired", False),
        ),
        ([r.audit("at", "unpatched"), r.plan(["x"], ["at"]), r.stage(1, "x")], ("vulnerable", "not_started", False)),
        ([r.audit("at", "unpatched"), r.change("at", check=True)], ("vulnerable", "would_change", False)),
        ([r.audit("at", "not_run")], ("unknown", "nothing_to_do", False)),
        ([r.audit("at", "no_customer_api")], ("not_applicable", "nothing_to_do", False)),
    ],
)
@pytest.mark.parametrize("ended", [True, False])
def test_of_a_check_nothing_was_changed(events, expected, ended) -> None:
    found = entry(*events, playbook=REMEDIATE, check=True, ended=ended)
    assert said(found, "status", "outcome", "changed") == expected


@pytest.mark.parametrize("status", ["unpatched", "patched"])
def test_a_plan_changes_nothing_and_does_not_stop(status) -> None:
    events = [r.audit("at", status), r.plan(["at"]), r.change("at", "quality_patch_live", check=True), r.end()]
    report = report_of([r.run([r.host("at")], "plan"), *events])
    (found,) = report["stores"]
    assert said(found, "reason", "outcome", "changed") == (status, "would_change", False)
    assert report["rollout"] == {"stages": [{"number": 1, "hosts": ["at"], "state": "not_started"}], "stopped": None}


def test_an_audit_has_no_outcome_and_neither_has_who_is_outside_of_the_limit() -> None:
    assert entry(r.audit("at", "unpatched"))["outcome"] is None
    found = entry(playbook=REMEDIATE, selected=False, limit="x")
    assert said(found) == ("not_selected", "unknown", "not_run", None)
    assert found["next_step"] == standing.NOT_SELECTED


def test_a_playbook_of_somebody_else_that_changes_stores_has_outcomes() -> None:
    assert entry(r.audit("at", "unpatched"), *r.repaired("at"), playbook="site")["outcome"] == "repaired"


def test_the_evidence_of_a_host_that_was_lost_stays_with_its_time() -> None:
    found = entry(r.audit("at", "unpatched"), r.lost("at", at=70), playbook=REMEDIATE)
    assert said(found, "state", "audited", "version") == ("unreachable", r.clock(10), "2.4.6-p3")
    assert found["evidence"]["patch"]["files"] == "not_applied"
    assert found["before"] == {"status": "vulnerable", "reason": "unpatched"}
    assert found["next_step"] == "Make the host reachable, then audit again: Connection timed out"


def test_before_is_the_first_audit_if_there_were_more_or_if_it_is_not_true_any_more() -> None:
    assert entry(r.audit("at", "patched"))["before"] is None
    twice = entry(r.audit("at", "unpatched"), r.audit("at", "partial", 20), r.audit("at", "patched", 30))
    assert twice["before"] == {"status": "vulnerable", "reason": "unpatched"}
    assert twice["audited"] == r.clock(30)
    same = entry(r.audit("at", "patched"), r.audit("at", "patched", 20))
    assert same["before"] == {"status": "compliant", "reason": "patched"}


def test_what_was_done_is_added_up() -> None:
    steps = [r.change("at", "release_stage"), r.change("at", step="code"), r.change("at", step="configuration")]
    found = entry(r.audit("at", "unpatched"), *steps, r.audit("at", "patched", 90), playbook=REMEDIATE)
    assert found["seconds"] == {"code": 0.002, "compile": 34.2, "copy": 7.9, "prove": 2.2}
    assert found["actions"] == [
        "applied ACSD-61103",
        "compiled dependency injection",
        "switched the code",
        "switched the code",
    ]
    assert found["changed"] is True


def test_what_failed_is_told_once_with_the_name_of_its_task() -> None:
    failed = r.failed_switch("at")
    lost = r.lost("at", "failed", 61, failed["message"])
    found = entry(r.audit("at", "unpatched"), failed, lost, r.lost("at", at=70, message=""), playbook=REMEDIATE)
    assert [(message["task"], message["text"]) for message in found["messages"]] == [(lost["task"], lost["message"])]
    alone = entry(r.audit("at", "unpatched"), failed, playbook=REMEDIATE)
    assert [message["task"] for message in alone["messages"]] == ["release_switch whole"]


def test_why_it_was_left_out_is_told_of_a_host_that_is_not_well() -> None:
    plan = r.plan(left_out={"at": "it has two values of commerce_strategy"})
    text = "Left out of the rollout: it has two values of commerce_strategy"
    events = [r.audit("at", "unpatched"), plan]
    assert [message["text"] for message in entry(*events, playbook=REMEDIATE)["messages"]] == [text]
    assert entry(r.audit("at", "patched"), plan, playbook=REMEDIATE)["messages"] == []


def test_what_a_module_says_to_do_is_the_next_step_with_its_reason() -> None:
    said = "Could not take the options on commerce_audit: " + "x" * 200 + ". Correct the variable."
    found = entry({**r.lost("at", "failed", message=said), "next_step": "Correct the variable."})
    assert (found["reason"], found["next_step"]) == ("tool_failed", said)


def test_a_long_answer_is_cut_in_the_next_step_only() -> None:
    found = entry(r.lost("at", message="no\nway " * 100))
    assert len(found["next_step"]) < 300
    assert found["next_step"].endswith("…")
    assert "\n" not in found["next_step"]
    assert len(found["messages"][0]["text"]) == 700


def test_commands_of_the_way_back_are_the_next_step() -> None:
    found = entry(r.audit("at", "unpatched"), r.failed_switch("at", "rollback_failed"), playbook=REMEDIATE)
    assert found["next_step"] == "Run: mv /var/www/html/.storefleet/old /var/www/html/generated"
    without = {**r.failed_switch("at", "rollback_failed"), "next_step": None}
    assert entry(r.audit("at", "unpatched"), without)["next_step"] == standing.ROLLBACK_FAILED


def test_what_was_last_known_is_told_of_a_host_that_is_unknown_now() -> None:
    first = report_of([r.run([r.host("at")], at=-300), r.audit("at", "patched", -290), r.end(-200)])
    known = {"run": "control-1:audit--300", "audited": r.clock(-290), "status": "compliant", "reason": "patched"}
    second = report_of([r.run([r.host("at")], at=-100), r.lost("at", at=-90), r.end(-80)], first)
    assert second["stores"][0]["carried"] == known
    assert entry(r.lost("at"), baseline=second)["carried"] == known
    assert entry(selected=False, baseline=second)["carried"] == known
    assert entry(r.audit("at", "not_testable"), baseline=first)["carried"] == known
    assert entry(r.audit("at", "unpatched"), baseline=first)["carried"] is None
    assert entry(r.lost("at"))["carried"] is None


def waived(expired):
    return {"reason": "closes in March.", "expires": "2026-03-31", "expired": expired}


@pytest.mark.parametrize(
    ("events", "expired", "expected"),
    [
        ([r.lost("at")], False, ("unreachable", "waived", "Waived until 2026-03-31: closes in March.")),
        ([r.lost("at", "failed")], False, ("failed", "waived", "Waived until 2026-03-31: closes in March.")),
        (
            [r.lost("at", "failed", message="gone")],
            True,
            (
                "failed",
                "unknown",
                "The waiver (closes in March) ended on 2026-03-31. Let modules run on the host, then audit again: gone",
            ),
        ),
        ([], False, ("not_started", "unknown", standing.NOT_STARTED)),
    ],
)
def test_a_waiver_is_of_a_host_that_no_audit_could_be_made_of_too(events, expired, expected) -> None:
    host = r.host("at", waiver=waived(expired))
    (found,) = report_of([r.run([host]), *events, r.end()])["stores"]
    assert said(found, "state", "status", "next_step") == expected
    assert found["waiver"] == host["waiver"]


def test_a_waiver_is_not_of_a_store_that_was_lost_in_its_change_and_the_audit_knows_it_best() -> None:
    host = r.host("at", waiver=waived(False))
    lost = [r.run([host], REMEDIATE), r.audit("at", "unpatched"), r.change("at", step="code"), r.lost("at", at=70)]
    assert report_of([*lost, r.end()])["stores"][0]["status"] == "unknown"
    audited = [r.run([host]), r.audit("at", "unpatched", waiver=None), r.end()]
    assert said(report_of(audited)["stores"][0], "status", "waiver") == ("vulnerable", None)


def test_what_was_known_of_a_waived_host_that_is_away_is_what_was_known_before() -> None:
    first = report_of([r.run([r.host("at")], at=-300), r.audit("at", "patched", -290), r.end(-200)])
    away = [r.run([r.host("at", waiver=waived(False))], at=-100), r.lost("at", at=-90), r.end(-80)]
    second = report_of(away, first)
    assert second["stores"][0]["carried"]["status"] == "compliant"
    assert entry(r.lost("at"), baseline=second)["carried"] == second["stores"][0]["carried"]


def test_the_nodes_of_a_store_are_beside_each_other_in_a_fixed_order() -> None:
    hosts = [r.host("b", store="z"), r.host("c", store="a"), r.host("a", store="z")]
    report = report_of([r.run(hosts), r.end()])
    assert [(entry["store"], entry["name"]) for entry in report["stores"]] == [("a", "c"), ("z", "a"), ("z", "b")]
    assert (report["totals"]["hosts"], report["totals"]["stores"]) == (3, 2)


def test_a_second_pattern_adds_its_hosts_and_an_unknown_host_is_not_dropped() -> None:
    events = [r.run([r.host("at")]), r.audit("at", "patched"), r.run([r.host("at", root="/x"), r.host("be")]), r.end()]
    report = report_of([*events[:3], r.audit("ch", "patched"), r.end()])
    assert [(entry["name"], entry["state"]) for entry in report["stores"]] == [
        ("at", "audited"),
        ("be", "not_started"),
        ("ch", "audited"),
    ]
    assert report["stores"][0]["root"] == "/var/www/html"
    assert report["stores"][2]["root"] is None


def rollout(*events, ended=True):
    return report_of([r.run([], REMEDIATE), r.plan(["a"], ["b"]), *events, *([r.end()] if ended else [])])["rollout"]


@pytest.mark.parametrize(
    ("events", "ended", "states", "stopped"),
    [
        ([r.stage(1, "a"), r.stage(2, "b")], True, ["done", "done"], None),
        ([r.stage(1, "a"), r.stage(2, "b"), r.gate("lost")], True, ["stopped", "not_started"], "lost"),
        ([r.stage(1, "a"), r.gate("lost"), r.stage(2, "b")], True, ["done", "stopped"], "lost"),
        ([r.stage(1, "a"), r.lost("a"), r.gate("lost")], True, ["stopped", "not_started"], "lost"),
        # Before its gate a stage looks again at those before it.
        (
            [r.stage(1, "a"), r.stage(2, "b"), r.audit("a", "unpatched"), r.gate("lost")],
            True,
            ["stopped", "not_started"],
            "lost",
        ),
        ([r.stage(1, "a"), r.stage(2, "b"), r.gate("no", kind="refused")], True, ["done", "not_started"], "no"),
        ([r.stage(1, "a"), r.stage(2, "b"), r.gate("no", kind="closed")], True, ["done", "not_started"], "no"),
        ([r.stage(1, "a"), r.gate("no", kind="closed")], True, ["not_started", "not_started"], "no"),
        ([r.stage(1, "a"), r.stage(2, "b"), r.lost("b"), r.gate("lost")], True, ["done", "stopped"], "lost"),
        ([r.stage(1, "a")], False, ["stopped", "not_started"], "The run was aborted in stage 1."),
        ([], False, ["not_started", "not_started"], "The run was aborted before the first stage."),
        (
            [r.stage(1, "a")],
            True,
            ["stopped", "not_started"],
            "The run ended with stage 1: no host of it was left.",
        ),
        ([], True, ["not_started", "not_started"], "No stage was started."),
    ],
)
def test_how_far_the_rollout_came(events, ended, states, stopped) -> None:
    found = rollout(*events, ended=ended)
    assert [stage["state"] for stage in found["stages"]] == states
    assert found["stopped"] == stopped
    assert [stage["hosts"] for stage in found["stages"]] == [["a"], ["b"]]


def test_a_run_without_a_plan_has_no_rollout() -> None:
    assert report_of([r.run([]), r.end()])["rollout"] is None


def test_the_stage_of_a_host_is_the_one_that_it_was_planned_for() -> None:
    stages = {entry["name"]: entry["stage"] for entry in r.sample()["stores"]}
    assert (stages["at"], stages["cz"], stages["es"], stages["be"]) == (1, 3, 4, None)


def test_the_run_and_its_scope() -> None:
    report = report_of([r.run([], change_id="CHG1", limit="web*", slice={"number": 2, "count": 4}, tags=["audit"])])
    assert report["run"] == {
        "id": "control-1:audit-0",
        "playbook": "audit",
        "controller": "control-1",
        "started": r.clock(),
        "ended": None,
        "aborted": True,
        "change_id": "CHG1",
        "sources": [],
    }
    assert report["scope"] == {
        "pattern": "commerce",
        "limit": "web*",
        "check": False,
        "slice": {"numbers": [2], "count": 4},
        "tags": ["audit"],
    }
    assert report_of([r.run([]), r.end(7)])["run"]["ended"] == r.clock(7)


def test_the_totals() -> None:
    totals = r.sample()["totals"]
    assert (totals["hosts"], totals["stores"], totals["well"]) == (18, 17, 5)
    assert sum(totals["by_status"].values()) == sum(totals["by_state"].values()) == 18
    assert totals["by_status"]["needs_hands"] == 1
    assert list(totals["by_reason"]) == sorted(totals["by_reason"])
    assert sum(totals["by_reason"].values()) == 18
    # Who is outside of the limit has no outcome.
    assert sum(totals["by_outcome"].values()) == 17
    assert totals["by_outcome"]["repaired"] == 2


@pytest.mark.parametrize("events", [[], [r.end()], [r.audit("at", "patched"), r.run([])]])
def test_events_that_do_not_begin_with_the_run_are_refused(events) -> None:
    with pytest.raises(ReportError, match="do not begin with the run"):
        report_of(events)


def test_equal_events_give_equal_bytes() -> None:
    assert render(r.sample()) == render(r.sample())


EVENTS = r.sample_events()


@settings(deadline=None)
@given(st.integers(1, len(EVENTS)), st.booleans(), st.randoms(use_true_random=False))
def test_every_host_is_there_once_wherever_the_run_breaks_off(cut, ended, chance: random.Random) -> None:
    rest = EVENTS[1:cut]
    chance.shuffle(rest)
    report = report_of(
        [EVENTS[0], *(event for event in rest if event["event"] != "end"), *([r.end()] if ended else [])]
    )
    assert sorted(entry["name"] for entry in report["stores"]) == sorted(host["name"] for host in EVENTS[0]["hosts"])
    assert report["run"]["aborted"] is not ended
    for found in report["stores"]:
        assert found["next_step"]
        if found["status"] in WELL:
            audits = [event for event in rest if event["event"] == "audit" and event["host"] == found["name"]]
            assert audits[-1]["audit"]["status"] == found["status"]
            assert found["state"] == "audited"
