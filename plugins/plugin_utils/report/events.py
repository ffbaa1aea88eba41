# Copyright (c) 2026, the storefleet.commerce authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The events of a run: a JSON object a line, each in the file as soon as it happened, so that a killed run left them.

Each has "event", one of these, and "time", by UTC:

run     what runs, over which hosts: the first event; a second one adds hosts
audit   what commerce_audit returned of a host
change  what a module that changes a store returned of a host; check: whether it only said what it would do
lost    a host did not answer (how: unreachable), or a task failed on it (how: failed)
plan    the hosts of each stage of the rollout, and why others are left out
stage   a stage has begun
gate    why the rollout stopped, as the first task of a stage
end     the playbook came to its end
"""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from datetime import datetime, timezone
from pathlib import Path
from typing import Any

from .errors import ReportError


def timestamp(moment: datetime | None = None) -> str:
    """A moment, now by default, as all times of a report are written: "2026-11-23T21:40:05Z"."""
    return (moment or datetime.now(timezone.utc)).astimezone(timezone.utc).strftime("%Y-%m-%dT%H:%M:%SZ")


def append(file: Path, event: Mapping[str, Any]) -> None:
    """Add an event to the file, which only its owner can read; it has the present time if it has none.

    OSError where that cannot be done.
    """
    line = json.dumps({**event, "time": event.get("time") or timestamp()}, ensure_ascii=False)
    descriptor = os.open(file, os.O_WRONLY | os.O_APPEND | os.O_CREAT | os.O_NOFOLLOW | os.O_CLOEXEC, 0o600)
    try:
        data = (line + "\n").encode("utf-8", "backslashreplace")
        while data:
            data = data[os.write(descriptor, data) :]
    finally:
        os.close(descriptor)


def read(file: Path) -> list[dict[str, Any]]:
    """The events of a file, in the order in which they happened.

    A last line that is not whole was being written when its run was killed, and is left out. ReportError for a file
    that cannot be read, and for any other line that is no event.
    """
    try:
        lines = file.read_bytes().split(b"\n")
    except OSError as error:
        raise _unreadable(file, error.strerror, "Give this user the right to read it.") from error
    events = []
    # What follows the last newline is nothing, or torn.
    for number, line in enumerate(lines[:-1], 1):
        event = _event(line)
        if event is None:
            raise _unreadable(file, f"line {number} is no event", "Remove the file: nothing else can be made of it.")
        events.append(event)
    return events


def _event(line: bytes) -> dict[str, Any] | None:
    try:
        event = json.loads(line)
    except ValueError:
        return None
    return event if isinstance(event, dict) and {"event", "time"} <= set(event) else None


def _unreadable(file, came_back, next_step):
    return ReportError("read the events of a run", file, came_back, next_step, code="bad_events")
