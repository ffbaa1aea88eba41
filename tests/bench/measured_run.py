# Copyright (c) 2026, the storefleet.commerce authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Runs a command and measures what it takes, its own process apart from those that it starts."""

from __future__ import annotations

import os
import signal
import subprocess
import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

# Often enough that nothing much happens after the last look at a run of some seconds.
SECONDS_BETWEEN_LOOKS = 0.05


class Measured(NamedTuple):
    """What a command took. Seconds, and bytes.

    wall: by the clock. cpu: user and system, of the command and of all its processes that have ended and were waited
    for. main_cpu and main_memory: of the command's own process alone, the memory at its peak.
    """

    wall: float
    cpu: float
    main_cpu: float
    main_memory: int


def measure(command: Sequence[str], environment: Mapping[str, str], output: Path, seconds: float) -> Measured:
    """Run the command, its output in a file. One that fails or takes longer than the seconds ends the bench."""
    started = time.monotonic()
    with output.open("w") as file:
        process = subprocess.Popen(
            command, env=environment, stdin=subprocess.DEVNULL, stdout=file, stderr=file, start_new_session=True
        )
        try:
            main_cpu, main_memory = 0.0, 0
            ended, status, used = 0, 0, None
            while not ended:
                # What is gone by the next look is what was seen in this one.
                main_cpu, main_memory = _own(process.pid, (main_cpu, main_memory))
                ended, status, used = os.wait4(process.pid, os.WNOHANG)
                if not ended and time.monotonic() - started > seconds:
                    raise SystemExit(f"{command[0]} was not done within {seconds} s: see {output}")
                if not ended:
                    time.sleep(SECONDS_BETWEEN_LOOKS)
        except BaseException:
            os.killpg(process.pid, signal.SIGKILL)
            raise
    wall = time.monotonic() - started
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        raise SystemExit(f"{command[0]} ended with status {process.returncode}:\n{output.read_text()[-4000:]}")
    return Measured(wall, used.ru_utime + used.ru_stime, main_cpu, main_memory)


def _own(pid: int, before: tuple[float, int]) -> tuple[float, int]:
    """CPU seconds and peak of the memory of one process so far; what was seen before where it has just ended."""
    try:
        status = Path(f"/proc/{pid}/status").read_text()
        fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
        kibibytes = next(line.split()[1] for line in status.splitlines() if line.startswith("VmHWM:"))
    except (OSError, StopIteration):
        return before
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK"), int(kibibytes) * 1024
