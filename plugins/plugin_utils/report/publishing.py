# Copyright (c) 2026, the storefleet.commerce authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A folder of reports with the forms that an operator wants: what the callback and the playbook report.yml do there."""

from __future__ import annotations

import glob
import json
import os
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple

from ansible import constants

from ansible_collections.storefleet.commerce.plugins.module_utils.processes import process_of

from . import render_csv, render_html, render_junit, render_prometheus
from .collection_version import collection_version
from .errors import ReportError
from .events import read, timestamp
from .folder import NAME, Published, ReportFolder
from .handed_over import unpacked
from .leftovers import leftovers
from .merge import merged
from .model import report_of
from .render_text import summary

FORMATS = {"html": render_html, "junit": render_junit, "csv": render_csv, "prom": render_prometheus}


class Begun(NamedTuple):
    """file: where the events of the new run go. said: who runs, for its first event. notes: what was put right."""

    file: Path
    said: Mapping[str, Any]
    notes: Sequence[str]


class Place:
    """Where reports are written, and in which of FORMATS besides JSON. ReportError where that cannot be done."""

    def __init__(self, directory: str, formats: Iterable[str], keep: int):
        self._path = Path(directory)
        self._renderers = [FORMATS[name] for name in formats]
        self._folder = ReportFolder(self._path, keep)

    def begin(self) -> Begun:
        """Make the folder ready for a new run, after the reports of runs that were killed."""
        file = self._begin()
        said = {
            "run": file.stem,
            "collection": collection_version(),
            "controller": os.uname().nodename,
            "process": process_of(os.getpid())._asdict(),
        }
        return Begun(file, said, self._folder.finalise(self._renderers))

    def publish(self, events: Path) -> Published:
        """Write the report of a run, which has ended, whether or not it came to its end."""
        return self._folder.publish(events, self._renderers)

    def summary(self, report: Mapping[str, Any], color: bool) -> str:
        """A report in the few lines that end a run on a terminal."""
        return summary(report, color=color, where=str(self._path)).rstrip("\n")

    def finish(self, dry: bool) -> tuple[list[str], list[str]]:
        """Write the reports of runs that were killed. Returns their ids, and sentences; dry writes nothing."""
        ended = sorted(events[0]["run"] for events in leftovers(self._path / ".events").ended.values())
        return ended, [] if dry else self._folder.finalise(self._renderers)

    def so_far(self) -> dict[str, Any] | None:
        """What the report of this call of Ansible would be if it ended now; None where it is about no stores."""
        begun = sorted(self._folder.events_of(_call()), key=lambda file: file.stat().st_mtime_ns)
        if not begun:
            return None
        return report_of(
            [*read(begun[-1]), {"event": "end", "time": timestamp(), "stats": {}}], self._folder.baseline()
        )

    def merge(
        self,
        patterns: Iterable[str],
        dry: bool,
        handed_over: Iterable[str] = (),
        fleet: Iterable[Mapping[str, Any]] = (),
    ) -> tuple[Mapping[str, Any], list[str]]:
        """Make one report of those that the patterns name, and of those that were handed over as text.

        fleet: all hosts that it should have, if known. Returns the report, and sentences about what could not be done.
        """
        reports = [*map(read_report, files_of(patterns)), *map(unpacked, handed_over)]
        report = merged(reports, self._folder.baseline(), fleet)
        notes = [] if dry else list(self._folder.write(report, self._renderers).notes)
        return report, notes

    @property
    def report_file(self) -> Path:
        """The newest report."""
        return self._path / f"{NAME}.json"

    def _begin(self):
        """A file for the events of a run that has a name of its own: by when it began, and by its process."""
        moment = timestamp().translate({ord(sign): None for sign in "-:"})
        call = _call()
        file = self._folder.begin(f"{moment}-{call}")
        number = 1
        while file.exists() or self._folder.has_run(file.stem):
            # Several playbooks of one call, within a second.
            number += 1
            file = self._folder.begin(f"{moment}-{call}-{number}")
        return file


def _call():
    """This call of Ansible: the folder's name is made up anew by each. Leases on the hosts have it, too."""
    return Path(constants.DEFAULT_LOCAL_TMP).name.removeprefix("ansible-local-")


def files_of(patterns: Iterable[str]) -> list[Path]:
    """The files that paths, some of them with wildcards, name. ReportError for one that names none."""
    found: dict[Path, None] = {}
    for pattern in patterns:
        files = sorted(glob.glob(os.path.expanduser(pattern)))
        if not files:
            raise ReportError("find a report", pattern, "there is no such file", "Correct the path.", "no_reports")
        found.update(dict.fromkeys(map(Path, files)))
    return list(found)


def read_report(file: Path) -> dict[str, Any]:
    """The report in a JSON file. ReportError where there is none."""
    try:
        report = json.loads(file.read_bytes())
    except OSError as error:
        raise _unreadable(file, error.strerror) from error
    except ValueError as error:
        raise _unreadable(file, f"it is no JSON ({error})") from error
    if not isinstance(report, dict) or "schema_version" not in report:
        raise _unreadable(file, "it is no report of the fleet")
    return report


def _unreadable(file, came_back):
    return ReportError("read a report", file, came_back, f"Name files called {NAME}.json.", "bad_report")
