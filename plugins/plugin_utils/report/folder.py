# Copyright (c) 2026, the storefleet.commerce authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The folder of a fleet's reports: the current one, those of the runs before, and the baseline.

fleet-report.*      the newest report, a file for each form
runs/RUN.json       the reports of the last runs
baseline.json       the last report of the whole fleet, which the next one is compared with
.events/RUN.jsonl   the events of runs that go on, or were killed
.lock               held by a run while it writes
"""

from __future__ import annotations

import errno
import json
import os
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any, NamedTuple, Protocol

from . import render_json
from .atomic_files import write_all
from .baseline import becomes_baseline
from .errors import ReportError
from .events import read
from .folder_lock import PATIENCE, locked
from .leftovers import leftovers
from .model import report_of
from .terms import SCHEMA_VERSION

NAME = "fleet-report"
KEEP = 30


class Renderer(Protocol):
    """A module of this package that gives the report one form."""

    SUFFIX: str

    def render(self, report: Mapping[str, Any]) -> str:
        """The report in that form."""


class Published(NamedTuple):
    """report: what was written. files: where. notes: sentences about what was not, and why."""

    report: Mapping[str, Any]
    files: Sequence[Path]
    notes: Sequence[str]


class ReportFolder:
    """A folder of reports. Each method raises ReportError where the folder does not let it.

    keep: how many reports of runs stay. patience: seconds to wait for another run that writes.
    """

    def __init__(self, path: Path, keep: int = KEEP, patience: float = PATIENCE):
        self.path = path
        self.keep = keep
        self._patience = patience
        self._runs = path / "runs"
        self._events = path / ".events"
        self._baseline = path / "baseline.json"

    def begin(self, run: str) -> Path:
        """Where the events of a new run go. Makes the folders."""
        with _made("write to the folder of reports", self.path):
            self.path.mkdir(parents=True, exist_ok=True)
            # Events are written by whoever runs the playbooks, and nobody else has to read them.
            self._events.mkdir(mode=0o700, exist_ok=True)
            if not os.access(self._events, os.W_OK | os.X_OK):
                raise PermissionError(errno.EACCES, os.strerror(errno.EACCES))
        return self._events / f"{_file_name(run)}.jsonl"

    def events_of(self, call: str) -> list[Path]:
        """Where the events of the runs of one call of Ansible are, by what begin was given for each."""
        return [file for file in self._events.glob("*.jsonl") if call in file.stem]

    def baseline(self) -> dict[str, Any] | None:
        """The last report of the whole fleet; None if there is none that this version reads."""
        return _read(self._baseline).report

    def current(self) -> dict[str, Any] | None:
        """The newest report; None if there is none that this version reads."""
        return _read(self.path / f"{NAME}.json").report

    def has_run(self, run: str) -> bool:
        """Whether the report of a run of that id is kept."""
        return self._file_of(run).exists()

    def runs(self, with_outcome: str) -> Iterator[dict[str, Any]]:
        """The kept reports of runs in which a host has come to that outcome, those that were written last first."""
        for path in self._newest_first():
            # Most runs are audits, and each report of a large fleet takes a while to read.
            if f'"{with_outcome}"'.encode() in path.read_bytes():
                report = _read(path).report
                if report is not None:
                    yield report

    def publish(self, events: Path, renderers: Iterable[Renderer]) -> Published:
        """Write the report of the run whose events those are, which are gone then."""
        with self._locked():
            baseline = _read(self._baseline)
            published = self._write(report_of(read(events), baseline.report), baseline, renderers)
            with _made("remove the events of a run", events):
                events.unlink(missing_ok=True)
        return published

    def write(self, report: Mapping[str, Any], renderers: Iterable[Renderer]) -> Published:
        """Write a merged report. It is the current one, though the first of its runs began before others."""
        with self._locked():
            return self._write(report, _read(self._baseline), renderers, asked_for=True)

    def finalise(self, renderers: Iterable[Renderer]) -> list[str]:
        """Write the reports of runs that were killed, the oldest first. Returns a sentence about each leftover."""
        if not self._events.is_dir():
            return []
        renderers = list(renderers)
        with self._locked():
            with _made("look for runs that were killed", self._events):
                found = leftovers(self._events)
            notes = list(found.notes)
            for file, events in sorted(found.ended.items(), key=lambda item: item[1][0]["time"]):
                baseline = _read(self._baseline)
                try:
                    report = report_of(events, _if_older(baseline.report, events[0]["time"]))
                    published = self._write(report, baseline, renderers)
                except ReportError as error:
                    notes.append(str(error))
                    continue
                with _made("remove the events of a run", file):
                    file.unlink(missing_ok=True)
                run = published.report["run"]
                how = "was aborted" if run["aborted"] else "did not come to write its report"
                notes.append(f"The run {run['id']} of {run['started']} {how}: its report is {published.files[0]}.")
                notes.extend(published.notes)
        return notes

    @contextmanager
    def _locked(self) -> Iterator[None]:
        with ExitStack() as stack:
            with _made("write to the folder of reports", self.path):
                self.path.mkdir(parents=True, exist_ok=True)
                self._runs.mkdir(exist_ok=True)
                stack.enter_context(locked(self.path / ".lock", self._patience))
            yield

    def _write(self, report, baseline, renderers, asked_for=False):
        current = _read(self.path / f"{NAME}.json")
        notes = [note for note in (baseline.note, current.note) if note]
        text = render_json.render(report)
        texts = {self._file_of(report["run"]["id"]): text}
        stale = []
        if not current.foreign and (asked_for or not _is_older(report, current.report)):
            texts[self.path / f"{NAME}.json"] = text
            for renderer in renderers:
                path = self.path / f"{NAME}{renderer.SUFFIX}"
                try:
                    texts.setdefault(path, renderer.render(report) if renderer is not render_json else text)
                except Exception as error:  # a form that does not do must not cost the others
                    notes.append(f"{path} could not be made: {type(error).__name__}: {error}.")
                    stale.append(path)
        if not baseline.foreign and becomes_baseline(report, baseline.report):
            texts[self._baseline] = text
        with _made("write the report", self.path):
            write_all(texts)
            for path in stale:
                # What an earlier run said in that form would be taken for what this one says.
                path.unlink(missing_ok=True)
            self._forget()
        return Published(report, [path for path in texts if path != self._baseline], notes)

    def _forget(self):
        """Remove the reports of runs that are too many, those that were written first before the others."""
        for path in self._newest_first()[self.keep :]:
            path.unlink(missing_ok=True)

    def _file_of(self, run):
        return self._runs / f"{_file_name(run)}.json"

    def _newest_first(self):
        """The reports of runs."""
        return sorted(self._runs.glob("*.json"), key=lambda path: (path.stat().st_mtime_ns, path.name), reverse=True)


class _Found(NamedTuple):
    """report: what a file holds, None if nothing that is of use. foreign: whether it must stay. note: why, if so."""

    report: dict[str, Any] | None
    foreign: bool = False
    note: str | None = None


def _read(path):
    try:
        report = json.loads(path.read_bytes())
        version = report["schema_version"]
        if version == SCHEMA_VERSION:
            # What a run needs of the reports before it.
            dummy = report["run"]["started"], report["scope"]["pattern"], report["stores"]
    except FileNotFoundError:
        return _Found(None)
    except OSError as error:
        raise _failed("read the report", path, error) from error
    except (ValueError, KeyError, TypeError):
        return _Found(None, note=f"{path} is no report, and was left out of account.")
    if version == SCHEMA_VERSION:
        return _Found(report)
    return _Found(None, True, f"{path} was left alone: its schema_version {version} is another than {SCHEMA_VERSION}.")


def _is_older(report, current):
    return current is not None and report["run"]["started"] < current["run"]["started"]


def _if_older(baseline, started):
    """A run is compared with what was before it: a leftover may be of long ago."""
    return baseline if baseline is not None and baseline["run"]["started"] <= started else None


def _file_name(run):
    """The name of a run's file: an id has letters that a file system, or a shell, takes amiss."""
    return re.sub(r"[^A-Za-z0-9._-]", "_", run).lstrip(".")[:200] or "run"


@contextmanager
def _made(tried, path):
    """What the folder does not let us do, as a sentence."""
    try:
        yield
    except OSError as error:
        raise _failed(tried, path, error) from error


def _failed(tried, path, error):
    if error.errno in (errno.ENOSPC, errno.EDQUOT):
        next_step = "Make room there: the run's events are kept, and its report is made by the next run."
    elif isinstance(error, TimeoutError):
        next_step = "See which process holds the file .lock there, then make the report with report.yml."
    else:
        next_step = "Give this user the right to it, or name another folder of reports."
    return ReportError(tried, path, error.strerror or str(error), next_step, code="folder")
