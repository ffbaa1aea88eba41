# Copyright (c) 2026, the storefleet.commerce authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""How many compiles a machine bears: slots that all users of the machine share, held by a lock."""

from __future__ import annotations

import fcntl
import os
import stat
import time
from contextlib import contextmanager
from typing import Callable, Iterator, Optional, Sequence

from .errors import CommerceError

# Folders that everybody on a machine may make a file in, the more fitting first.
FOLDERS = ("/run/lock", "/tmp")
_MACHINE_ID = "/etc/machine-id"
_PAUSE = 1.0


@contextmanager
def compile_slot(
    count: int,
    patience: float,
    folders: Sequence[str] = FOLDERS,
    pause: Callable[[float], None] = time.sleep,
) -> Iterator[float]:
    """Hold one of count slots of this machine for the length of the block; yields the seconds that it took to get one.

    patience: seconds to wait for one. CommerceError busy, no_slot. A slot ends with the process that holds it.
    """
    folder = _folder(folders)
    begun = time.monotonic()
    while True:
        descriptor = _free_slot(folder, count)
        waited = time.monotonic() - begun
        if descriptor is not None:
            break
        if waited >= patience:
            raise CommerceError(
                "begin a compile",
                "this machine",
                "{0} others are compiling, and none has ended within {1:.0f} s".format(count, waited),
                "Run it again later, or raise commerce_compiles_per_machine if the machine bears it.",
                code="busy",
            )
        pause(_PAUSE)
    try:
        yield waited
    finally:
        os.close(descriptor)


def _folder(folders: Sequence[str]) -> str:
    for folder in folders:
        try:
            mode = os.stat(folder).st_mode
        except OSError:
            continue
        # Where the sticky bit is missing, anybody could put another file in the place of a slot.
        if stat.S_ISDIR(mode) and mode & stat.S_ISVTX and mode & stat.S_IWOTH:
            return folder
    raise _no_slot(", ".join(folders), "no folder there is for all users of the machine")


def _free_slot(folder: str, count: int) -> Optional[int]:
    """A descriptor that holds a slot, None where all are taken."""
    for number in range(count):
        path = os.path.join(folder, "storefleet-compile-{0}-{1}".format(_machine(), number))
        try:
            descriptor = _open(path)
        except OSError as error:
            raise _no_slot(path, error.strerror or str(error)) from error
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
            return descriptor
        except BlockingIOError:
            os.close(descriptor)
        except OSError as error:
            os.close(descriptor)
            raise _no_slot(path, error.strerror or str(error)) from error
    return None


def _open(path: str) -> int:
    """Open a slot for reading, which is all that a lock takes; made where it is missing."""
    flags = os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC
    try:
        # Without O_CREAT: Linux refuses that for another user's file in a folder for all.
        return os.open(path, flags)
    except FileNotFoundError:
        pass
    # Others have to be able to read it, from its first moment on.
    mask = os.umask(0)
    try:
        return os.open(path, flags | os.O_CREAT | os.O_EXCL, 0o444)
    except FileExistsError:
        return os.open(path, flags)
    finally:
        os.umask(mask)


def _machine() -> str:
    """The machine's id, in case several share the folder."""
    try:
        with open(_MACHINE_ID, encoding="ascii") as file:
            return file.read(64).strip() or "unknown"
    except (OSError, ValueError):
        return "unknown"


def _no_slot(path: str, came_back: str) -> CommerceError:
    return CommerceError(
        "hold other compiles of this machine back",
        path,
        came_back,
        "Let the store's owner make files in {0}.".format(FOLDERS[0]),
        code="no_slot",
    )
