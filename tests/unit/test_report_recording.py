# Copyright (c) 2026, the storefleet.commerce authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

from pathlib import Path

import pytest

from ansible_collections.storefleet.commerce.plugins.plugin_utils.report.events import read
from ansible_collections.storefleet.commerce.plugins.plugin_utils.report.recording import Recording
from ansible_collections.storefleet.commerce.plugins.plugin_utils.report.task_events import AUDIT, FAILED, OK, Done

HOSTS = [{"name": name, "selected": True} for name in ("a", "b", "c")]
RUN = {"event": "run", "run": "1", "scope": {"check": True}, "hosts": HOSTS}
SET_FACT = "ansible.builtin.set_fact"
PLAN = {"stages": [{"hosts": ["a"]}, {"hosts": ["b", "c"]}], "left_out": {}}


@pytest.fixture
def recording(tmp_path: Path) -> Recording:
    return Recording(tmp_path / "run.jsonl", RUN)


def kinds(recording: Recording) -> list[str]:
    return [event["event"] for event in read(recording.file)]


def test_the_run_is_the_first_event(recording: Recording) -> None:
    (event,) = read(recording.file)
    assert {name: event[name] for name in RUN} == RUN
    assert event["time"].endswith("Z")


def test_each_event_is_on_disk_when_it_has_happened(recording: Recording) -> None:
    (audit,) = recording.done(Done("a", AUDIT, "audited", OK, {"audit": {"status": "compliant"}}))
    assert read(recording.file)[-1] == audit
    assert (audit["host"], audit["audit"]) == ("a", {"status": "compliant"})


def test_hosts_that_the_run_is_not_about_say_nothing(recording: Recording) -> None:
    assert recording.done(Done("localhost", SET_FACT, "x", FAILED, {"msg": "no"})) == []
    assert kinds(recording) == ["run"]


def test_changes_in_check_mode_are_told_as_such(recording: Recording) -> None:
    (change,) = recording.done(Done("a", "storefleet.commerce.release_stage", "built", OK, {"changed": True}))
    assert change["check"]


def test_a_task_in_check_mode_is_told_as_such_where_the_run_is_none(tmp_path: Path) -> None:
    recording = Recording(tmp_path / "run.jsonl", {**RUN, "scope": {"check": False}})
    done = Done("a", "storefleet.commerce.release_stage", "built", OK, {"changed": True})
    assert [recording.done(each)[0]["check"] for each in (done, done._replace(check=True))] == [False, True]


def test_a_batch_is_the_stage_of_its_hosts(recording: Recording) -> None:
    recording.done(Done("a", SET_FACT, "planned", OK, {"ansible_facts": {"commerce_rollout": PLAN}}))
    (first,) = recording.batch(["a"])
    # One host of the stage has been lost meanwhile.
    (second,) = recording.batch(["c"])
    assert (first["number"], first["hosts"]) == (1, ["a"])
    assert (second["number"], second["hosts"]) == (2, ["c"])
    assert kinds(recording) == ["run", "plan", "stage", "stage"]


def test_what_is_said_for_the_whole_run_is_said_once(recording: Recording) -> None:
    for host in ("a", "b"):
        recording.done(Done(host, SET_FACT, "planned", OK, {"ansible_facts": {"commerce_rollout": PLAN}}))
        recording.done(
            Done(
                host,
                SET_FACT,
                "stopped",
                OK,
                {"ansible_facts": {"commerce_rollout_stopped": {"kind": "lost", "text": "no"}}},
            )
        )
        recording.done(Done(host, AUDIT, "audited", OK, {"audit": {"status": "compliant"}}))
    assert kinds(recording) == ["run", "plan", "gate", "audit", "audit"]


def test_a_plan_that_was_signed_off_is_told_after_the_one_that_it_narrows(recording: Recording) -> None:
    narrow = {**PLAN, "left_out": {"c": "the plan leaves it out"}}
    for plan in (PLAN, narrow, narrow):
        recording.done(Done("a", SET_FACT, "planned", OK, {"ansible_facts": {"commerce_rollout": plan}}))
    assert [event.get("left_out") for event in read(recording.file)] == [
        None,
        PLAN.get("left_out", {}),
        narrow["left_out"],
    ]


def test_a_batch_of_other_hosts_is_no_stage(recording: Recording) -> None:
    assert recording.batch(["a"]) == []
    recording.done(Done("a", SET_FACT, "planned", OK, {"ansible_facts": {"commerce_rollout": PLAN}}))
    assert recording.batch(["z"]) == []


def test_the_end_has_the_counts_of_the_hosts(recording: Recording) -> None:
    counts = {"ok": 2, "failures": 1, "unreachable": 0, "changed": 0, "skipped": 0}
    recording.end({"a": {**counts, "rescued": 1, "ignored": 0}, "localhost": {**counts, "rescued": 0}})
    assert read(recording.file)[-1]["stats"] == {"a": counts}
