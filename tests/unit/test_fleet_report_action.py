# Copyright (c) 2026, the storefleet.commerce authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The module fleet_report, which is all in its action plugin: what it returns, and what it leaves in the folder."""

from __future__ import annotations

import json
from pathlib import Path
from types import SimpleNamespace

import pytest
from ansible.plugins.action import ActionBase
from support import reports as r

from ansible_collections.storefleet.commerce.plugins.action import fleet_report as action
from ansible_collections.storefleet.commerce.plugins.plugin_utils.report import publishing
from ansible_collections.storefleet.commerce.plugins.plugin_utils.report.handed_over import packed

NOTHING = {"report": None, "run": None, "totals": None, "drift": None, "statuses": None, "summary": ""}


@pytest.fixture
def run(monkeypatch: pytest.MonkeyPatch, tmp_path: Path):
    """Calls the action with options; a dictionary comes back."""
    monkeypatch.setattr(ActionBase, "run", lambda self, tmp, task_vars: {})
    options = {"directory": str(tmp_path / "configured"), "formats": ["csv"], "keep": 5}
    monkeypatch.setattr(action, "callback_options", lambda: options)

    def call(check: bool = False, **arguments):
        made = action.ActionModule.__new__(action.ActionModule)
        made._task = SimpleNamespace(args=arguments, check_mode=check)
        return made.run()

    return call


@pytest.fixture
def report(tmp_path: Path) -> Path:
    file = tmp_path / "slice.json"
    file.write_text(json.dumps(r.sample()))
    return file


def files(folder: Path) -> set[str]:
    return {path.name for path in folder.iterdir() if path.is_file()} if folder.exists() else set()


def test_without_anything_to_do_nothing_is_said(run, tmp_path: Path) -> None:
    answer = run()
    assert {name: answer[name] for name in NOTHING} == NOTHING
    assert (answer["changed"], answer["finished"], answer["warnings"]) == (False, [], [])
    assert answer["directory"] == str(tmp_path / "configured")


def test_reports_are_merged_where_the_callback_writes_too(run, report: Path, tmp_path: Path) -> None:
    answer = run(reports=[str(report)])
    written = json.loads(Path(answer["report"]).read_text())
    assert answer["report"] == str(tmp_path / "configured/fleet-report.json")
    assert answer["changed"] is True
    assert (answer["run"], answer["totals"], answer["drift"]) == (
        written["run"]["id"],
        written["totals"],
        written["drift"],
    )
    assert written["totals"]["hosts"] == r.sample()["totals"]["hosts"]
    assert str(written["totals"]["hosts"]) in answer["summary"]
    assert {"fleet-report.json", "fleet-report.csv"} <= files(tmp_path / "configured")
    assert "fleet-report.html" not in files(tmp_path / "configured")


def test_another_folder_may_be_given(run, report: Path, tmp_path: Path) -> None:
    answer = run(reports=[str(report)], directory=str(tmp_path / "world"))
    assert answer["directory"] == str(tmp_path / "world")
    assert files(tmp_path / "configured") == set()
    assert "fleet-report.json" in files(tmp_path / "world")


def test_check_mode_writes_nothing(run, report: Path, tmp_path: Path) -> None:
    answer = run(check=True, reports=[str(report)])
    assert answer["changed"] is True
    assert answer["totals"]["hosts"] == r.sample()["totals"]["hosts"]
    assert files(tmp_path / "configured") == set()


def test_reports_that_were_handed_over_are_merged(run, tmp_path: Path) -> None:
    answer = run(handed_over=[packed(r.sample())])
    assert answer["changed"] is True
    assert answer["totals"]["hosts"] == r.sample()["totals"]["hosts"]
    assert answer["statuses"] == {entry["name"]: entry["status"] for entry in r.sample()["stores"]}


def test_hosts_of_the_fleet_that_are_in_no_report_are_in_the_merged_one(run) -> None:
    known = r.sample()["totals"]["hosts"]
    answer = run(handed_over=[packed(r.sample())], fleet=[r.sample()["stores"][0]["name"], "forgotten"])
    assert answer["totals"]["hosts"] == known + 1
    assert answer["statuses"]["forgotten"] == "unknown"


def test_a_text_that_is_no_report_is_refused(run) -> None:
    answer = run(handed_over=["nonsense"])
    assert answer["failed"] is True
    assert "unpack a report" in answer["msg"]


def test_a_report_that_is_not_there_is_named(run, tmp_path: Path) -> None:
    answer = run(reports=[str(tmp_path / "missing.json")])
    assert answer["failed"] is True
    assert "missing.json" in answer["msg"]
    assert answer["code"]
    assert answer["next_step"]


def test_two_runs_of_one_second_have_their_own_files(tmp_path: Path) -> None:
    place = publishing.Place(str(tmp_path), [], 5)
    begun = []
    for dummy in range(3):
        begun.append(place.begin())
        begun[-1].file.touch()
    assert len({each.said["run"] for each in begun}) == len({each.file for each in begun}) == 3
