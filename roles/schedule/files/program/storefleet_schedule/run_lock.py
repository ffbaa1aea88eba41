# Copyright (c) 2026, the storefleet.commerce authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""One run at a time in one folder of reports, whoever starts it."""

from __future__ import annotations

import fcntl
import os
import time
from contextlib import contextmanager
from pathlib import Path
from typing import Iterator

LOCK = ".schedule.lock"


class StillGoing(Exception):
    """Another run has not ended. Its text says which."""


@contextmanager
def only_run(folder: str) -> Iterator[None]:
    """Hold the lock, or raise StillGoing. The kernel gives it back however the run ends.

    The programs that the run starts do not inherit it: an SSH connection that stays open after the run does not count.
    """
    Path(folder).mkdir(parents=True, exist_ok=True)
    # Not emptied when it is opened: it says who holds it.
    descriptor = os.open(os.path.join(folder, LOCK), os.O_RDWR | os.O_CREAT | os.O_CLOEXEC | os.O_NOFOLLOW, 0o600)
    try:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            who = os.read(descriptor, 200).decode("ascii", "replace") or "which has just begun"
            message = "An audit is still going in {0}: {1}. Nothing was started.".format(folder, who)
            raise StillGoing(message) from error
        os.ftruncate(descriptor, 0)
        began = time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime())
        os.write(descriptor, "process {0}, begun {1}".format(os.getpid(), began).encode("ascii"))
        yield
    finally:
        os.close(descriptor)
