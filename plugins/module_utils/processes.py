# Copyright (c) 2026, the storefleet.commerce authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Processes that can be told from any other, on this machine and elsewhere, now and after a restart."""

from __future__ import annotations

import os
from typing import NamedTuple, Optional


class Process(NamedTuple):
    """One process.

    started: in clock ticks since its machine started, so that a number given out again is another process.
    space: the machine since its last start, and the pid namespace in it, in which pid means something. Empty where
    that could not be found out.
    """

    pid: int
    started: int
    space: str


def process_of(pid: int) -> Optional[Process]:
    """The running process of that number; None if there is none. Without /proc only its number is known."""
    space = _space()
    if not space:
        return Process(pid, 0, "")
    started = _started(pid)
    return None if started is None else Process(pid, started, space)


def is_running(process: Process) -> Optional[bool]:
    """Whether the process still runs; None where that cannot be seen from here."""
    # The first process is always there: who does not see it is shown no process of other users (hidepid).
    if not process.space or process.space != _space() or not os.path.exists("/proc/1"):
        return None
    return _started(process.pid) == process.started


def _space() -> str:
    try:
        with open("/proc/sys/kernel/random/boot_id", encoding="ascii") as file:
            return "{0} {1}".format(file.read().strip(), os.readlink("/proc/self/ns/pid"))
    except OSError:
        return ""


def _started(pid: int) -> Optional[int]:
    """The start of a process in clock ticks; None if there is none, or nothing but its exit status is left of it."""
    try:
        with open("/proc/{0}/stat".format(pid), encoding="utf-8", errors="replace") as file:
            # The name before the last bracket may hold anything, brackets and blanks too. See proc(5): state is the
            # third field, starttime the twenty-second.
            fields = file.read().rpartition(")")[2].split()
    except OSError:
        return None
    return None if fields[0] in ("Z", "X") else int(fields[19])
