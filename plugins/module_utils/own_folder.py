# Copyright (c) 2026, the storefleet.commerce authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Our folder in a store's root: 0700 before anything is in it, gone as soon as nothing is."""

from __future__ import annotations

import os
from contextlib import contextmanager, suppress
from typing import Iterator

from .store import OWN_FOLDER


@contextmanager
def times_kept(folder: str) -> Iterator[None]:
    """What the block adds to the folder or takes out of it does not show in its times, where they are ours to set."""
    before = os.stat(folder)
    try:
        yield
    finally:
        with suppress(OSError):
            os.utime(folder, ns=(before.st_atime_ns, before.st_mtime_ns))


def make_own_folder(root: str) -> str:
    """The path of our folder in the store at root; made where it is missing. For the store's owner; raises OSError."""
    folder = os.path.join(root, OWN_FOLDER)
    if not os.path.isdir(folder):
        with times_kept(root), suppress(FileExistsError):
            os.mkdir(folder, 0o700)
    return folder


def leave_own_folder(root: str) -> None:
    """Remove our folder if nothing is left in it."""
    folder = os.path.join(root, OWN_FOLDER)
    with suppress(OSError):
        if not os.listdir(folder):
            with times_kept(root):
                os.rmdir(folder)
