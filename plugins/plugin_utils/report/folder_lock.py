# Copyright (c) 2026, the storefleet.commerce authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""One run at a time writes to a folder of reports."""

from __future__ import annotations

import fcntl
import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

# Seconds; a run holds the lock while it writes, which takes a few for some thousand stores.
PATIENCE = 60.0
_PAUSE = 0.1


@contextmanager
def locked(file: Path, patience: float = PATIENCE) -> Iterator[None]:
    """Hold the lock for the block. TimeoutError if somebody else holds it all the time, another OSError if it can't."""
    descriptor = os.open(file, os.O_RDWR | os.O_CREAT | os.O_NOFOLLOW | os.O_CLOEXEC, 0o666)
    try:
        _acquire(descriptor, time.monotonic() + patience)
        yield
    finally:
        # The lock goes with its only descriptor. The file stays: another process may be waiting at it.
        os.close(descriptor)


def _acquire(descriptor, until):
    while True:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
            return
        except BlockingIOError:
            if time.monotonic() >= until:
                raise TimeoutError("another run has been writing there all the time") from None
        time.sleep(_PAUSE)
