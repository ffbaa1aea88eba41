# Copyright (c) 2026, the storefleet.commerce authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The one place that starts a process: argv in, status and both outputs out."""

from __future__ import annotations

import os
import signal
import subprocess
from contextlib import suppress
from typing import Mapping, NamedTuple, Optional, Protocol, Sequence

from .errors import CommerceError

PATH = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"


class Result(NamedTuple):
    """What a finished process left: exit status (negative: the signal that ended it) and its outputs as text."""

    rc: int
    out: str
    err: str


class Runner(Protocol):
    """Starts programs. Tests hand in one of their own."""

    def run(
        self,
        argv: Sequence[str],
        cwd: Optional[str] = None,
        environment: Optional[Mapping[str, str]] = None,
        timeout: float = 60,
        stdin: Optional[str] = None,
    ) -> Result:
        """Run argv without a shell and wait for its end; a timeout is in seconds."""


class LocalRunner:
    """Runs programs as this process' user, in an environment made from nothing but what is given here.

    environment: variables for every program (for example those that only the php-fpm pool has); never logged.
    home: HOME of the programs; QPT and Composer want one.
    """

    def __init__(self, environment: Optional[Mapping[str, str]] = None, home: str = "/nonexistent"):
        self._environment = {"PATH": PATH, "HOME": home, "LC_ALL": "C", "LANG": "C"}
        self._environment.update(environment or {})

    def run(self, argv, cwd=None, environment=None, timeout=60, stdin=None):
        """See Runner. A program that cannot be started or does not end in time raises CommerceError."""
        variables = dict(self._environment)
        variables.update(environment or {})
        try:
            # A session of its own: at a timeout the children of the program are ended with it.
            process = subprocess.Popen(
                list(argv),
                cwd=cwd,
                env=variables,
                stdin=subprocess.PIPE if stdin is not None else subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                stderr=subprocess.PIPE,
                start_new_session=True,
            )
        except OSError as error:
            raise CommerceError(
                "start {0}".format(argv[0]),
                cwd or os.getcwd(),
                error.strerror or str(error),
                "Check that the program is installed and that its path is right.",
                code="not_started",
            ) from error
        try:
            given = stdin.encode("utf-8", "surrogateescape") if stdin is not None else None
            out, err = process.communicate(given, timeout=timeout)
        except BaseException as error:
            # A signal that interrupts the wait too: the program must not go on beside what follows from it.
            _end(process)
            if not isinstance(error, subprocess.TimeoutExpired):
                raise
            raise CommerceError(
                "run {0}".format(" ".join(argv[:3])),
                cwd or os.getcwd(),
                "no end within {0:g} s, so it was stopped".format(timeout),
                "Run it by hand to see what it waits for, or allow more time.",
                code="timeout",
            ) from error
        return Result(process.returncode, out.decode("utf-8", "replace"), err.decode("utf-8", "replace"))


def _end(process):
    """End the program with its session, and let go of its outputs, which a child that left the session may hold."""
    with suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)
    for stream in (process.stdin, process.stdout, process.stderr):
        with suppress(OSError):
            if stream:
                stream.close()
    process.wait()
