# Copyright (c) 2026, the storefleet.commerce authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The callback between Ansible's hooks and the recording; tests/package has it in real runs."""

from __future__ import annotations

import os
from pathlib import Path
from types import SimpleNamespace
from typing import Any, ClassVar

import pytest
import yaml

from ansible_collections.storefleet.commerce.plugins.callback import fleet_report
from ansible_collections.storefleet.commerce.plugins.plugin_utils.report.events import read
from ansible_collections.storefleet.commerce.plugins.plugin_utils.report.folder import Published
from ansible_collections.storefleet.commerce.plugins.plugin_utils.report.publishing import FORMATS, Begun
from ansible_collections.storefleet.commerce.plugins.plugin_utils.report.task_events import AUDIT

OPTIONS = {"directory": "reports", "formats": ["csv"], "keep": 30, "progress": "never"}
VERDICT = {"status": "vulnerable", "reason": "unpatched"}
ASSERT = "ansible.builtin.assert"


class Shown:
    """What was shown, and warned of."""

    def __init__(self):
        self.lines: list[str] = []
        self.warnings: list[str] = []
        self.verbosity = 0

    def display(self, text: str, color: str | None = None) -> None:
        self.lines.append(text)

    def warning(self, text: str) -> None:
        self.warnings.append(text)


class Plays:
    """A playbook whose plays say of themselves what the scope would find out."""

    def __init__(self):
        self.audit = SimpleNamespace(ours=True, roles=True, verdict=False, serial=[])
        self.repair = SimpleNamespace(ours=True, roles=True, verdict=False, serial=[1], batch=["shop"])
        self.verdict = SimpleNamespace(ours=True, roles=False, verdict=True, serial=[])
        self.other = SimpleNamespace(ours=False, roles=False, verdict=False, serial=[1], batch=["shop"])

    def get_plays(self):
        return [self.audit]


class Place:
    """Where the reports go, without any report."""

    folder = Path()
    published: ClassVar[list[Path]] = []
    broken: str | None = None

    def __init__(self, directory: str, formats: list[str], keep: int):
        assert (directory, formats, keep) == ("reports", ["csv"], 30)

    def begin(self) -> Begun:
        if Place.broken:
            raise OSError(Place.broken)
        return Begun(Place.folder / "run.jsonl", {"run": "1"}, ["An earlier run was aborted."])

    def publish(self, events: Path) -> Published:
        Place.published.append(events)
        return Published({"run": "1"}, [], ["A form could not be made."])

    def summary(self, report: dict, color: bool) -> str:
        assert report == {"run": "1"}
        return "the summary"


@pytest.fixture(autouse=True)
def surroundings(monkeypatch: pytest.MonkeyPatch, tmp_path: Path):
    monkeypatch.setattr(Place, "folder", tmp_path)
    monkeypatch.setattr(Place, "published", [])
    monkeypatch.setattr(Place, "broken", None)
    monkeypatch.setattr(fleet_report.publishing, "Place", Place)
    monkeypatch.setattr(fleet_report.scope, "is_ours", lambda play: play.ours)
    monkeypatch.setattr(fleet_report.scope, "has_our_roles", lambda play: play.roles)
    monkeypatch.setattr(fleet_report.scope, "is_verdict", lambda play: play.verdict)
    monkeypatch.setattr(fleet_report.scope, "batch_of", lambda play: play.batch)
    hosts = [{"name": "shop", "selected": True}]
    run = {"playbook": "audit", "scope": {"check": False}, "hosts": hosts}
    about = fleet_report.scope.Scope(run, ["A waiver is nobody's."])
    monkeypatch.setattr(fleet_report.scope, "scope_of", lambda play, plays, called: about)
    monkeypatch.setattr(fleet_report.context, "CLIARGS", {})
    exits: list[tuple] = []
    monkeypatch.setattr(fleet_report.atexit, "register", lambda *what: exits.append(what))
    return exits


def make(**options: Any) -> fleet_report.CallbackModule:
    callback = fleet_report.CallbackModule(display=Shown())
    callback._plugin_options = {**OPTIONS, **options}
    return callback


def result(action: str = AUDIT, role: Any = None, step: str | None = None, **answer: Any):
    task = SimpleNamespace(resolved_action=action, action="x", _role=role, get_name=lambda: "The task")
    host = SimpleNamespace(name="shop")
    fields = {"args": {"step": step} if step else {}}
    return SimpleNamespace(_task=task, _host=host, _result=answer, _task_fields=fields)


def events() -> list[dict[str, Any]]:
    file = Place.folder / "run.jsonl"
    return read(file) if file.exists() else []


def kinds() -> list[str]:
    return [event["event"] for event in events()]


def stats():
    counts = {"ok": 1, "failures": 0, "unreachable": 0, "changed": 0, "skipped": 0}
    return SimpleNamespace(processed={"shop": 1}, summarize=lambda host: counts)


def test_a_run_is_recorded_from_its_first_play_about_stores_on() -> None:
    callback, plays = make(), Plays()
    callback.v2_playbook_on_start(plays)
    callback.v2_playbook_on_play_start(plays.other)
    assert kinds() == []
    callback.v2_playbook_on_play_start(plays.audit)
    callback.v2_runner_on_ok(result(audit=VERDICT))
    assert kinds() == ["run", "audit"]
    assert Place.published == []
    callback.v2_playbook_on_stats(stats())
    assert kinds() == ["run", "audit", "end"]
    assert Place.published == [Place.folder / "run.jsonl"]


def test_a_play_without_our_roles_counts_from_its_first_audit_on() -> None:
    callback, plays = make(), Plays()
    callback.v2_playbook_on_start(plays)
    callback.v2_playbook_on_play_start(plays.other)
    callback.v2_runner_on_failed(result(ASSERT, msg="no"))
    assert kinds() == []
    callback.v2_runner_on_ok(result(audit=VERDICT))
    callback.v2_runner_on_failed(result(ASSERT, msg="no"))
    assert kinds() == ["run", "audit"]
    ours = SimpleNamespace(_role_collection="storefleet.commerce")
    callback.v2_runner_on_failed(result(ASSERT, role=ours, msg="no"))
    assert kinds() == ["run", "audit", "lost"]


def test_a_playbook_without_stores_has_no_report() -> None:
    callback, plays = make(progress="always"), Plays()
    callback.v2_playbook_on_start(plays)
    callback.v2_playbook_on_play_start(plays.other)
    callback.v2_playbook_on_stats(stats())
    assert (kinds(), Place.published, callback._display.lines) == ([], [], [])


def test_each_way_to_end_is_told() -> None:
    callback, plays = make(), Plays()
    callback.v2_playbook_on_start(plays)
    callback.v2_playbook_on_play_start(plays.audit)
    callback.v2_runner_on_unreachable(result(msg="no answer"))
    callback.v2_runner_on_failed(result(msg="no python"))
    callback.v2_runner_on_failed(result(msg="no python"), ignore_errors=True)
    callback.v2_runner_on_ok(result("storefleet.commerce.release_switch", step="code", changed=True))
    told = events()
    assert [event.get("how") for event in told[1:3]] == ["unreachable", "failed"]
    assert (len(told), told[3]["module"], told[3]["step"]) == (4, "release_switch", "code")


def test_what_the_last_play_fails_for_is_no_loss() -> None:
    callback, plays = make(), Plays()
    callback.v2_playbook_on_start(plays)
    callback.v2_playbook_on_play_start(plays.audit)
    callback.v2_playbook_on_play_start(plays.verdict)
    callback.v2_runner_on_failed(result(ASSERT, msg="shop: vulnerable"))
    assert kinds() == ["run"]


def test_batches_of_our_plays_are_stages() -> None:
    callback, plays = make(), Plays()
    callback.v2_playbook_on_start(plays)
    callback.v2_playbook_on_play_start(plays.audit)
    plan = {"stages": [{"hosts": ["shop"]}]}
    callback.v2_runner_on_ok(result("ansible.builtin.set_fact", ansible_facts={"commerce_rollout": plan}))
    callback.v2_playbook_on_play_start(plays.other)
    assert kinds() == ["run", "plan"]
    callback.v2_playbook_on_play_start(plays.repair)
    assert kinds() == ["run", "plan", "stage"]


def test_of_two_instances_one_reports() -> None:
    first, second, plays = make(), make(), Plays()
    for callback in (first, second):
        callback.v2_playbook_on_start(plays)
    for callback in (first, second):
        callback.v2_playbook_on_play_start(plays.audit)
        callback.v2_runner_on_ok(result(audit=VERDICT))
    for callback in (first, second):
        callback.v2_playbook_on_stats(stats())
    assert kinds() == ["run", "audit", "end"]
    assert len(Place.published) == 1


def test_each_playbook_of_one_call_has_its_report() -> None:
    callback = make()
    for number in (1, 2):
        plays = Plays()
        callback.v2_playbook_on_start(plays)
        callback.v2_playbook_on_play_start(plays.audit)
        callback.v2_playbook_on_stats(stats())
        assert len(Place.published) == number


def test_a_failure_is_one_warning_and_no_more(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Place, "broken", "no space left")
    callback, plays = make(progress="always"), Plays()
    callback.v2_playbook_on_start(plays)
    callback.v2_playbook_on_play_start(plays.audit)
    callback.v2_runner_on_ok(result(audit=VERDICT))
    callback.v2_playbook_on_stats(stats())
    assert callback._display.warnings == ["There will be no complete fleet report of this run. no space left"]
    assert callback._display.lines == []


def test_a_run_that_could_not_be_recorded_wholly_has_no_end(monkeypatch: pytest.MonkeyPatch) -> None:
    callback, plays = make(), Plays()
    callback.v2_playbook_on_start(plays)
    callback.v2_playbook_on_play_start(plays.audit)
    monkeypatch.setattr(callback._recording, "done", lambda done: 1 / 0)
    callback.v2_runner_on_ok(result(audit=VERDICT))
    callback.v2_playbook_on_stats(stats())
    assert kinds() == ["run"]
    assert callback._display.warnings[-1].startswith("There will be no complete fleet report of this run.")


def test_what_was_put_right_or_could_not_be_written_is_told() -> None:
    callback, plays = make(), Plays()
    callback.v2_playbook_on_start(plays)
    callback.v2_playbook_on_play_start(plays.audit)
    callback.v2_playbook_on_stats(stats())
    assert callback._display.warnings == [
        "An earlier run was aborted.",
        "A waiver is nobody's.",
        "A form could not be made.",
    ]


def test_an_interrupted_run_is_published_when_the_process_ends(surroundings) -> None:
    callback, plays = make(), Plays()
    callback.v2_playbook_on_start(plays)
    callback.v2_playbook_on_play_start(plays.audit)
    ((leave, *arguments),) = surroundings
    leave(*arguments)
    assert Place.published == [Place.folder / "run.jsonl"]
    assert kinds() == ["run"]
    leave(*arguments)
    assert len(Place.published) == 1


def test_a_run_that_ended_is_not_published_again(surroundings) -> None:
    callback, plays = make(), Plays()
    callback.v2_playbook_on_start(plays)
    callback.v2_playbook_on_play_start(plays.audit)
    callback.v2_playbook_on_stats(stats())
    ((leave, *arguments),) = surroundings
    told = list(callback._display.warnings)
    leave(*arguments)
    assert (len(Place.published), callback._display.warnings) == (1, told)


def test_a_worker_publishes_nothing(surroundings, monkeypatch: pytest.MonkeyPatch) -> None:
    callback, plays = make(), Plays()
    callback.v2_playbook_on_start(plays)
    callback.v2_playbook_on_play_start(plays.audit)
    ((leave, *arguments),) = surroundings
    monkeypatch.setattr(os, "getpid", lambda: -1)
    leave(*arguments)
    assert Place.published == []


@pytest.mark.parametrize(
    ("progress", "terminal", "shown"),
    [("auto", True, True), ("auto", False, False), ("always", False, True), ("never", True, False)],
)
def test_lines_are_shown_on_a_terminal(progress, terminal, shown, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(fleet_report.sys, "stdout", SimpleNamespace(isatty=lambda: terminal))
    callback, plays = make(progress=progress), Plays()
    callback.v2_playbook_on_start(plays)
    callback.v2_playbook_on_play_start(plays.audit)
    callback.v2_runner_on_ok(result(audit=VERDICT))
    callback.v2_playbook_on_stats(stats())
    assert callback._display.lines == (["[1/1] shop vulnerable: unpatched", "the summary"] if shown else [])


def test_options_have_one_section_and_their_variables() -> None:
    options = yaml.safe_load(fleet_report.DOCUMENTATION)["options"]
    variables = {name: option["env"][0]["name"] for name, option in options.items()}
    assert variables == {
        "directory": "STOREFLEET_REPORT_DIR",
        "formats": "STOREFLEET_REPORT_FORMATS",
        "keep": "STOREFLEET_REPORT_KEEP",
        "progress": "STOREFLEET_REPORT_PROGRESS",
    }
    assert options["formats"]["choices"] == options["formats"]["default"] == list(FORMATS)
    assert all(option["ini"] == [{"section": "callback_fleet_report", "key": name}] for name, option in options.items())
