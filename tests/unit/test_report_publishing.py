# Copyright (c) 2026, the storefleet.commerce authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import json
import os
from pathlib import Path

import pytest

from ansible_collections.storefleet.commerce.plugins.module_utils.processes import process_of
from ansible_collections.storefleet.commerce.plugins.plugin_utils.report import publishing
from ansible_collections.storefleet.commerce.plugins.plugin_utils.report.collection_version import collection_version
from ansible_collections.storefleet.commerce.plugins.plugin_utils.report.errors import ReportError
from ansible_collections.storefleet.commerce.plugins.plugin_utils.report.recording import Recording

ABOUT = {"playbook": "audit", "scope": {"pattern": "commerce", "check": False}, "change_id": None}


@pytest.fixture
def place(tmp_path: Path) -> publishing.Place:
    return publishing.Place(str(tmp_path / "reports"), ["csv"], 30)


def record(place: publishing.Place, *names: str, killed: bool = False) -> Path:
    """The events of a run of these hosts, which came to its end unless its process is gone."""
    begun = place.begin()
    hosts = [{"name": name, "store": name, "address": name, "root": "/srv", "selected": True} for name in names]
    process = {**begun.said["process"], "started": 1} if killed else begun.said["process"]
    recording = Recording(begun.file, {"event": "run", **begun.said, "process": process, **ABOUT, "hosts": hosts})
    if not killed:
        recording.end({})
    return begun.file


def report(place: publishing.Place) -> dict:
    return json.loads(place.report_file.read_text())


def test_a_run_begins_with_who_runs(place: publishing.Place, tmp_path: Path) -> None:
    begun = place.begin()
    assert begun.file.parent == tmp_path / "reports/.events"
    assert begun.said == {
        "run": begun.file.stem,
        "collection": collection_version(),
        "controller": os.uname().nodename,
        "process": process_of(os.getpid())._asdict(),
    }
    assert begun.notes == []


def test_runs_of_one_second_have_names_of_their_own(place: publishing.Place, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(publishing, "timestamp", lambda: "2026-11-23T21:40:05Z")
    monkeypatch.setattr(publishing.constants, "DEFAULT_LOCAL_TMP", "/tmp/ansible-local-4711abc")
    names = [record(place, "a").stem for dummy in range(3)]
    assert names == [f"20261123T214005Z-4711abc{suffix}" for suffix in ("", "-2", "-3")]


def test_a_run_that_has_ended_within_the_second_keeps_its_name(
    place: publishing.Place, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(publishing, "timestamp", lambda: "2026-11-23T21:40:05Z")
    first = record(place, "a")
    place.publish(first)
    second = record(place, "a")
    assert second.stem == f"{first.stem}-2"


def test_a_report_has_the_wanted_forms(place: publishing.Place, tmp_path: Path) -> None:
    events = record(place, "a")
    published = place.publish(events)
    assert report(place) == published.report
    assert not events.exists()
    assert {file.name for file in (tmp_path / "reports").glob("fleet-report.*")} == {
        "fleet-report.json",
        "fleet-report.csv",
    }


def test_a_new_run_finishes_what_a_killed_one_left(place: publishing.Place) -> None:
    killed = record(place, "a", killed=True)
    (note,) = place.begin().notes
    assert killed.stem in note
    assert report(place)["run"]["aborted"]


def test_a_run_that_goes_on_is_not_finished(place: publishing.Place) -> None:
    events = record(place, "a")
    assert place.begin().notes == []
    assert place.finish(dry=False) == ([], [])
    assert events.exists()


def test_leftovers_are_named_before_they_are_finished(place: publishing.Place) -> None:
    killed = record(place, "a", killed=True)
    assert place.finish(dry=True) == ([killed.stem], [])
    assert killed.exists()
    finished, (note,) = place.finish(dry=False)
    assert (finished, killed.stem in note) == ([killed.stem], True)
    assert place.finish(dry=False) == ([], [])


def test_nothing_is_left_where_nothing_was(tmp_path: Path) -> None:
    assert publishing.Place(str(tmp_path / "none"), [], 30).finish(dry=False) == ([], [])
    assert not (tmp_path / "none").exists()


def test_reports_are_merged(place: publishing.Place, tmp_path: Path) -> None:
    for number, name in enumerate(("a", "b")):
        part = publishing.Place(str(tmp_path / f"part-{number}"), [], 30)
        part.publish(record(part, name))
    merged, notes = place.merge([str(tmp_path / "part-*/fleet-report.json")], dry=True)
    assert [entry["name"] for entry in merged["stores"]] == ["a", "b"]
    assert (notes, place.report_file.exists()) == ([], False)
    place.merge([str(tmp_path / "part-*/fleet-report.json")], dry=False)
    assert report(place) == merged


def test_a_file_is_named_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))
    found = publishing.glob.glob
    monkeypatch.setattr(publishing.glob, "glob", lambda pattern: sorted(found(pattern), reverse=True))
    for name in "abc":
        (tmp_path / name).touch()
    assert publishing.files_of(["~/b", str(tmp_path / "*")]) == [tmp_path / name for name in "bac"]


@pytest.mark.parametrize("pattern", ["missing.json", "*.missing"])
def test_a_path_that_names_nothing_is_refused(tmp_path: Path, pattern: str) -> None:
    with pytest.raises(ReportError, match="there is no such file"):
        publishing.files_of([str(tmp_path / pattern)])


@pytest.mark.parametrize(
    ("content", "words"),
    [
        ("{", "it is no JSON"),
        ("[]", "it is no report of the fleet"),
        ("{}", "it is no report of the fleet"),
        ('"schema_version"', "it is no report of the fleet"),
    ],
)
def test_another_file_is_refused(tmp_path: Path, content: str, words: str) -> None:
    file = tmp_path / "report.json"
    file.write_text(content)
    with pytest.raises(ReportError, match=words):
        publishing.read_report(file)


def test_a_file_that_cannot_be_read_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ReportError, match="Is a directory"):
        publishing.read_report(tmp_path)


def test_the_summary_ends_with_the_folder(place: publishing.Place, tmp_path: Path) -> None:
    published = place.publish(record(place, "a"))
    assert place.summary(published.report, color=False).endswith(f"Report: {tmp_path}/reports")
    assert "\033[" not in place.summary(published.report, color=False)
    assert "\033[" in place.summary(published.report, color=True)


def test_the_version_is_that_of_the_installed_collection(tmp_path: Path) -> None:
    (tmp_path / "galaxy.yml").write_text("version: 1.0.0\n")
    assert collection_version(tmp_path) == "1.0.0"
    (tmp_path / "MANIFEST.json").write_text('{"collection_info": {"version": "2.0.0"}}')
    assert collection_version(tmp_path) == "2.0.0"


@pytest.mark.parametrize("name", ["MANIFEST.json", "galaxy.yml"])
@pytest.mark.parametrize("content", ["", "[", "[]", "{}"])
def test_a_version_that_cannot_be_told_is_unknown(tmp_path: Path, name: str, content: str) -> None:
    (tmp_path / name).write_text(content)
    assert collection_version(tmp_path) == "unknown"
