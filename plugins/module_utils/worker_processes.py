# Copyright (c) 2026, the storefleet.commerce authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The processes of a host that serve PHP: php-fpm's masters and Apache's, their workers, and the end of those."""

from __future__ import annotations

import os
import re
import signal
import time
from contextlib import suppress
from typing import Iterable, List, NamedTuple, Optional, Sequence, Tuple

from .errors import CommerceError

_TITLE = re.compile(rb"php-fpm: master process \((.*)\)")
_APACHE_PID_FILES = ("/run/apache2/apache2.pid", "/run/httpd/httpd.pid", "/run/apache2.pid")
_POLL_SECONDS = 0.02
STARTING_SECONDS = 5.0


class MasterProcess(NamedTuple):
    """A process whose children serve. config: the main file that a php-fpm was started with, a real path."""

    pid: int
    config: str


def fpm_masters(proc: str = "/proc") -> List[MasterProcess]:
    """The php-fpm masters of this host; those in containers that run on it are none of its own."""
    found = []
    for name in os.listdir(proc):
        if name.isdigit():
            title = _TITLE.match(_read(os.path.join(proc, name, "cmdline")))
            if title and _is_of_this_host(os.path.join(proc, name)):
                found.append(MasterProcess(int(name), os.path.realpath(title.group(1).decode("utf-8", "replace"))))
    return sorted(found)


def masters_of(configs: Sequence[str], seconds: float = STARTING_SECONDS) -> List[MasterProcess]:
    """The php-fpm masters of this host that were started with these main files, real paths.

    After a reload a master may have another process id, and for a moment cannot be told. One that is not there within
    these seconds raises CommerceError reload_failed.
    """
    deadline = time.monotonic() + seconds
    while True:
        found = [process for process in fpm_masters() if process.config in configs]
        missing = sorted(set(configs) - {process.config for process in found})
        if not missing:
            return found
        if time.monotonic() > deadline:
            raise _ended("php-fpm with {0}".format(", ".join(missing)))
        time.sleep(_POLL_SECONDS)


def apache_master(pid_files: Iterable[str] = _APACHE_PID_FILES) -> Optional[MasterProcess]:
    """The Apache of this host, by its pid file."""
    for path in pid_files:
        text = _read(path).strip()
        if text.isdigit() and os.path.isdir("/proc/" + text.decode()):
            return MasterProcess(int(text), "")
    return None


def children(pid: int) -> List[int]:
    """Process ids of the children that a process has now; none where it is gone."""
    return [int(child) for child in _read("/proc/{0}/task/{0}/children".format(pid)).split()]


def may_signal(pid: int) -> bool:
    """Whether this process may send signals to that one."""
    try:
        os.kill(pid, 0)
    except OSError:
        return False
    return True


def reload_masters(masters: Iterable[MasterProcess], seconds: float) -> None:
    """Reload php-fpm masters by USR2 and wait until none of their old workers is left. See OldWorkers."""
    masters = tuple(masters)
    old = OldWorkers(masters)
    for master in masters:
        # One that has ended meanwhile is missed by the wait.
        with suppress(ProcessLookupError):
            os.kill(master.pid, signal.SIGUSR2)
    old.wait(seconds)


class OldWorkers:
    """The workers that masters have now, before a reload."""

    def __init__(self, masters: Iterable[MasterProcess]):
        self._masters = tuple(masters)
        self._old = tuple(_identity(worker) for master in self._masters for worker in children(master.pid))

    def wait(self, seconds: float) -> None:
        """Wait until none of them is left; raises CommerceError reload_timeout, or reload_failed if a master ended."""
        deadline = time.monotonic() + seconds
        while any(_identity(pid) == (pid, started) for pid, started in self._old):
            if time.monotonic() > deadline:
                raise CommerceError(
                    "reload what serves the store",
                    "this host",
                    "old workers still ran after {0:g} s".format(seconds),
                    "Look for requests that do not end, or set process_control_timeout of php-fpm.",
                    code="reload_timeout",
                )
            time.sleep(_POLL_SECONDS)
        ended = [master for master in self._masters if not os.path.isdir("/proc/{0}".format(master.pid))]
        # A php-fpm that was started as a daemon goes on in a new process.
        renewed = {master.config for master in fpm_masters()} if ended else set()
        pids = [str(master.pid) for master in ended if master.config not in renewed]
        if pids:
            raise _ended("process {0}".format(", ".join(pids)))


def _ended(what) -> CommerceError:
    return CommerceError(
        "reload what serves the store",
        what,
        "it has ended",
        "Start php-fpm or Apache again and read its log.",
        code="reload_failed",
    )


def _identity(pid: int) -> Tuple[int, bytes]:
    """A process id with the time of its start: numbers are used again. Empty where there is no such process."""
    fields = _read("/proc/{0}/stat".format(pid)).rpartition(b")")[2].split()
    # A dead one whose parent has not looked yet serves nobody.
    return pid, fields[19] if len(fields) > 19 and fields[0] != b"Z" else b""


def _is_of_this_host(folder: str) -> bool:
    """Whether a process lives in the process space of this proc file system, and not in one nested in that."""
    found = re.search(rb"^NSpid:(.*)$", _read(os.path.join(folder, "status")), re.MULTILINE)
    return not found or len(found.group(1).split()) == 1


def _read(path: str) -> bytes:
    try:
        with open(path, "rb") as file:
            return file.read()
    except OSError:
        return b""
