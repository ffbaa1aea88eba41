# Copyright (c) 2026, the storefleet.commerce authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The events of runs that did not come to write their report, as they were killed."""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple

from ansible_collections.storefleet.commerce.plugins.module_utils.processes import Process, is_running

from .errors import ReportError
from .events import read
from .terms import SCHEMA_VERSION

# Seconds without any event after which a run that cannot be seen from here is over: it may wait for an approval, but
# no longer than a week.
SILENCE = 7 * 86400.0


class Leftovers(NamedTuple):
    """ended: the events of each run that is over, by their file. notes: sentences about those that are left alone."""

    ended: Mapping[Path, Sequence[Mapping[str, Any]]]
    notes: Sequence[str]


def leftovers(folder: Path) -> Leftovers:
    """The leftovers in a folder of events. Runs that go on are none. OSError where it cannot be listed."""
    ended: dict[Path, Sequence[Mapping[str, Any]]] = {}
    notes: list[str] = []
    for file in sorted(folder.glob("*.jsonl")):
        try:
            events = read(file)
        except ReportError as error:
            # A run that ended meanwhile took its own away.
            if file.exists():
                notes.append(str(error))
            continue
        if not events:
            # Its run was killed before its first event was whole, or has just begun.
            if _is_silent(file):
                file.unlink(missing_ok=True)
            continue
        note = _left_alone(file, events[0])
        if note is None:
            ended[file] = events
        elif note:
            notes.append(note)
    return Leftovers(ended, notes)


def _left_alone(file, run):
    """Why the run's report is not made, empty if that goes without saying; None if it is over."""
    version = run.get("schema_version", SCHEMA_VERSION)
    if version > SCHEMA_VERSION:
        return f"{file} was left by a newer version of the collection, which can make its report."
    running = is_running(Process(**run["process"])) if run.get("process") else None
    if running is False or _is_silent(file):
        return None
    if running:
        return ""
    return (
        f"The run {run['run']} on {run.get('controller')} may still go on: its report is made by the next run there, or"
        f" from {file} when that was silent for a week."
    )


def _is_silent(file):
    try:
        return time.time() - file.stat().st_mtime > SILENCE
    except FileNotFoundError:
        return False
