# Copyright (c) 2026, the storefleet.commerce authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The folder of a fleet's reports: what is written when, what is never half written, and what a killed run left."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import threading
import time
from types import SimpleNamespace

import pytest
from support import reports as r

from ansible_collections.storefleet.commerce.plugins.module_utils.processes import process_of
from ansible_collections.storefleet.commerce.plugins.plugin_utils.report import atomic_files, leftovers, render_json
from ansible_collections.storefleet.commerce.plugins.plugin_utils.report.errors import ReportError
from ansible_collections.storefleet.commerce.plugins.plugin_utils.report.events import append
from ansible_collections.storefleet.commerce.plugins.plugin_utils.report.folder import ReportFolder
from ansible_collections.storefleet.commerce.plugins.plugin_utils.report.folder_lock import locked


def fail(report):
    raise ZeroDivisionError("by zero")


TEXT = SimpleNamespace(SUFFIX=".txt", render=lambda report: f"{report['run']['id']}\n")
BROKEN = SimpleNamespace(SUFFIX=".txt", render=fail)


@pytest.fixture
def folder(tmp_path):
    return ReportFolder(tmp_path / "new" / "reports", patience=0.3)


@pytest.fixture(scope="module")
def gone():
    """A process that has ended."""
    with subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE) as process:
        return process_of(process.pid)._asdict()


def begun(folder, *events, at=0, process=None, **changed):
    """The events of a run, which has not written its report."""
    process = process or process_of(os.getpid())._asdict()
    run = {**r.run([r.host("at")], at=at, **changed), "process": process}
    file = folder.begin(run["run"])
    for event in (run, *events):
        append(file, event)
    return file


def audited(folder, at=0, reason="patched", **changed):
    return begun(folder, r.audit("at", reason, at + 10), r.end(at + 20), at=at, **changed)


def files(folder):
    return sorted(str(path.relative_to(folder.path)) for path in folder.path.rglob("*") if path.is_file())


def test_a_run_publishes_its_report(folder) -> None:
    published = folder.publish(audited(folder), [TEXT])
    names = ["fleet-report.json", "fleet-report.txt", "runs/control-1_audit-0.json"]
    assert sorted(str(path.relative_to(folder.path)) for path in published.files) == names
    assert files(folder) == [".lock", "baseline.json", *names]
    assert published.notes == []
    assert published.report["run"]["aborted"] is False
    assert folder.current() == folder.baseline() == published.report
    assert (folder.path / "fleet-report.txt").read_text() == "control-1:audit-0\n"
    assert (folder.path / "runs/control-1_audit-0.json").read_text() == render_json.render(published.report)


def test_the_next_run_is_compared_with_the_baseline(folder) -> None:
    folder.publish(audited(folder), [])
    report = folder.publish(audited(folder, 100, "unpatched"), []).report
    assert report["drift"]["lost"] == ["at"]
    assert folder.baseline() == folder.current() == report


def test_a_limited_run_is_the_current_one_and_not_the_baseline(folder) -> None:
    first = folder.publish(audited(folder), []).report
    second = folder.publish(audited(folder, 100, limit="at"), []).report
    assert (folder.current(), folder.baseline()) == (second, first)


def test_a_merged_report_is_the_current_one_though_its_first_run_is_older(folder) -> None:
    newest = folder.publish(audited(folder, 100), []).report
    assert folder.write(r.sample(), [TEXT]).notes == []
    assert folder.current() == r.sample()
    assert folder.baseline() == newest


@pytest.mark.parametrize(("umask", "mode"), [(0o022, 0o644), (0o027, 0o640)])
def test_who_may_read_what(folder, umask, mode) -> None:
    before = os.umask(umask)
    try:
        file = audited(folder)
        assert file.stat().st_mode & 0o777 == 0o600
        folder.publish(file, [])
    finally:
        os.umask(before)
    assert (folder.path / "fleet-report.json").stat().st_mode & 0o777 == mode
    assert (folder.path / ".events").stat().st_mode & 0o777 == 0o700


def test_so_many_reports_of_runs_are_kept(folder) -> None:
    folder.keep = 2
    for at in (0, 100, 200, 300):
        file = folder.publish(audited(folder, at), []).files[0]
        os.utime(file, (at, at))
    assert sorted(path.name for path in (folder.path / "runs").iterdir()) == [
        "control-1_audit-200.json",
        "control-1_audit-300.json",
    ]


@pytest.mark.parametrize(
    ("run", "name"),
    [("a:b/c d", "a_b_c_d.jsonl"), ("../x", "_x.jsonl"), ("", "run.jsonl"), ("ä" * 300, "_" * 200 + ".jsonl")],
)
def test_the_name_of_a_run_makes_no_other_path(folder, run, name) -> None:
    assert folder.begin(run) == folder.path / ".events" / name


def test_a_form_that_does_not_do_is_told_and_what_it_said_before_is_gone(folder) -> None:
    folder.publish(audited(folder), [TEXT])
    published = folder.publish(audited(folder, 100), [BROKEN])
    assert published.notes == [f"{folder.path / 'fleet-report.txt'} could not be made: ZeroDivisionError: by zero."]
    assert not (folder.path / "fleet-report.txt").exists()
    assert folder.current() == published.report


def test_where_one_file_cannot_be_written_all_are_as_before(folder, monkeypatch) -> None:
    first = folder.publish(audited(folder), [TEXT]).report
    before = files(folder)
    events = audited(folder, 100)
    write, written = atomic_files._write, []

    def full(path, text):
        if len(written) == 2:
            raise OSError(28, "No space left on device")
        written.append(path)
        write(path, text)

    monkeypatch.setattr(atomic_files, "_write", full)
    with pytest.raises(ReportError, match=r"No space left on device\. Make room there"):
        folder.publish(events, [TEXT])
    monkeypatch.undo()
    assert folder.current() == folder.baseline() == first
    assert files(folder) == sorted([*before, ".events/control-1_audit-100.jsonl"])
    # With room again, nothing is lost.
    assert folder.publish(events, [TEXT]).report["run"]["id"] == "control-1:audit-100"


def test_what_a_killed_writer_left_is_in_nobodys_way(folder) -> None:
    folder.begin("run")
    (folder.path / ".fleet-report.json.new").symlink_to(folder.path / "elsewhere")
    folder.publish(audited(folder), [])
    assert files(folder) == [".lock", "baseline.json", "fleet-report.json", "runs/control-1_audit-0.json"]


def test_a_reader_never_sees_half_a_report(folder) -> None:
    folder.publish(audited(folder), [])
    seen, ended = [], threading.Event()

    def look():
        while not ended.is_set():
            seen.append(json.loads((folder.path / "fleet-report.json").read_bytes())["run"]["id"])

    reader = threading.Thread(target=look)
    reader.start()
    for at in range(1, 20):
        folder.publish(audited(folder, at), [])
    ended.set()
    reader.join()
    assert len(seen) > 0
    assert not reader.is_alive()


def test_runs_write_one_after_another(folder) -> None:
    file = audited(folder)
    with locked(folder.path / ".lock", 1):
        begin = time.monotonic()
        with pytest.raises(ReportError, match="another run has been writing there") as told:
            folder.publish(file, [])
        assert time.monotonic() - begin >= 0.3
    assert "report.yml" in told.value.next_step
    assert folder.publish(file, []).notes == []


def test_a_lock_that_is_given_back_soon_is_waited_for(folder) -> None:
    file = audited(folder)
    held, patient = threading.Event(), ReportFolder(folder.path, patience=10)

    def hold():
        with locked(folder.path / ".lock", 1):
            held.set()
            time.sleep(0.2)

    holder = threading.Thread(target=hold)
    holder.start()
    held.wait()
    assert patient.publish(file, []).notes == []
    holder.join()


def test_a_folder_that_cannot_be_one_is_told(tmp_path) -> None:
    (tmp_path / "reports").write_text("")
    folder = ReportFolder(tmp_path / "reports")
    for attempt in (lambda: folder.begin("run"), lambda: folder.write(r.sample(), [])):
        with pytest.raises(ReportError, match="name another folder of reports"):
            attempt()


def as_nobody(work):
    """Whether work raises ReportError in a process without any right; what it says."""
    reader, writer = os.pipe()
    child = os.fork()
    if not child:
        os.setgid(65534)
        os.setuid(65534)
        try:
            work()
            os.write(writer, b"nothing was refused")
        except ReportError as error:
            os.write(writer, str(error).encode())
        os._exit(0)
    os.waitpid(child, 0)
    os.close(writer)
    with os.fdopen(reader) as told:
        return told.read()


@pytest.mark.skipif(os.getuid() != 0, reason="only root can become somebody without rights")
def test_a_folder_of_somebody_else_is_told(folder, tmp_path) -> None:
    for parent in (tmp_path, *tmp_path.parents[:2]):
        parent.chmod(0o755)
    folder.publish(audited(folder), [])
    words = as_nobody(lambda: folder.write(r.sample(), []))
    assert "Permission denied. Give this user the right to it" in words
    assert "Permission denied" in as_nobody(lambda: folder.begin("run"))


def test_a_killed_run_is_finalised_by_the_next(folder, gone) -> None:
    file = begun(folder, r.audit("at", "patched"), process=gone)
    (note,) = folder.finalise([TEXT])
    assert note == (
        f"The run control-1:audit-0 of {r.clock()} was aborted: its report is"
        f" {folder.path / 'runs' / 'control-1_audit-0.json'}."
    )
    assert not file.exists()
    assert folder.current()["run"]["aborted"] is True
    assert folder.current()["stores"][0]["status"] == "compliant"
    assert folder.baseline() is None
    assert folder.finalise([TEXT]) == []


def test_an_older_killed_run_does_not_become_the_current_one(folder, gone) -> None:
    newest = folder.publish(audited(folder, 100), [TEXT]).report
    begun(folder, process=gone)
    assert len(folder.finalise([TEXT])) == 1
    assert folder.current() == folder.baseline() == newest
    assert (folder.path / "fleet-report.txt").read_text() == "control-1:audit-100\n"
    old = json.loads((folder.path / "runs/control-1_audit-0.json").read_text())
    # It is not compared with what came after it.
    assert old["drift"]["baseline"] is None


def test_a_run_that_ended_and_was_killed_while_it_wrote_was_not_aborted(folder, gone) -> None:
    audited(folder, process=gone)
    (note,) = folder.finalise([])
    assert "did not come to write its report" in note
    assert folder.baseline()["run"]["aborted"] is False


def test_of_two_killed_runs_the_older_is_first(folder, gone) -> None:
    audited(folder, 100, "unpatched", process=gone, run="a")
    audited(folder, 0, "patched", process=gone, run="b")
    assert [note.split()[2] for note in folder.finalise([])] == ["b", "a"]
    assert folder.current()["run"]["id"] == "a"
    assert folder.current()["drift"]["lost"] == ["at"]


def test_a_run_that_goes_on_is_left_alone(folder) -> None:
    file = begun(folder)
    assert folder.finalise([]) == []
    assert file.exists()


@pytest.mark.parametrize("process", [{"pid": 1, "started": 1, "space": "another machine"}, None])
def test_a_run_elsewhere_is_told_until_it_was_silent_for_a_week(folder, process) -> None:
    file = begun(folder)
    events = [json.loads(line) for line in file.read_text().splitlines()]
    file.write_text(json.dumps({**events[0], "process": process}) + "\n")
    (note,) = folder.finalise([])
    assert "on control-1 may still go on" in note
    assert str(file) in note
    past = time.time() - leftovers.SILENCE - 60
    os.utime(file, (past, past))
    (note,) = folder.finalise([])
    assert "was aborted" in note
    assert not file.exists()


def test_events_that_cannot_be_read_are_told_and_left(folder, gone) -> None:
    bad = folder.begin("bad")
    bad.write_text("{}\n{\n")
    no_run = folder.begin("no-run")
    append(no_run, r.audit("at", "patched"))
    os.utime(no_run, (0, 0))
    begun(folder, process=gone)
    notes = folder.finalise([])
    assert len(notes) == 3
    assert any("bad.jsonl: line 1 is no event" in note for note in notes)
    assert any("do not begin with the run" in note for note in notes)
    assert bad.exists()
    assert folder.current() is not None


def test_a_file_without_an_event_is_removed_when_it_is_old(folder) -> None:
    file = folder.begin("torn")
    file.write_text('{"event": "ru')
    assert folder.finalise([]) == []
    assert file.exists()
    os.utime(file, (0, 0))
    assert folder.finalise([]) == []
    assert not file.exists()


def test_there_are_no_leftovers_where_there_is_no_folder(folder) -> None:
    assert folder.finalise([]) == []
    assert not folder.path.exists()


def test_what_a_newer_version_wrote_is_left_alone_and_told(folder, gone) -> None:
    folder.begin("run")
    newer = json.dumps({"schema_version": 2})
    for name in ("baseline.json", "fleet-report.json"):
        (folder.path / name).write_text(newer)
    published = folder.publish(audited(folder), [TEXT])
    assert [path.name for path in published.files] == ["control-1_audit-0.json"]
    assert [note.split()[0] for note in published.notes] == [
        str(folder.path / "baseline.json"),
        str(folder.path / "fleet-report.json"),
    ]
    assert (folder.path / "baseline.json").read_text() == (folder.path / "fleet-report.json").read_text() == newer
    file = begun(folder, process=gone, schema_version=2, at=50)
    (note,) = folder.finalise([])
    assert "newer version" in note
    assert file.exists()


@pytest.mark.parametrize("text", ["", "{", "[]", "{}", '{"schema_version": 1, "run": {}}', "\xff"])
def test_a_baseline_that_is_none_is_told_and_replaced(folder, text) -> None:
    folder.begin("run")
    (folder.path / "baseline.json").write_text(text, encoding="latin-1")
    published = folder.publish(audited(folder), [])
    assert published.notes == [f"{folder.path / 'baseline.json'} is no report, and was left out of account."]
    assert folder.baseline() == published.report


def test_a_run_elsewhere_that_ends_while_it_is_looked_at_was_not_aborted(folder, monkeypatch) -> None:
    file = begun(folder)
    monkeypatch.setattr(leftovers, "is_running", lambda process: file.unlink())
    folder.finalise([])
    assert folder.current() is None
