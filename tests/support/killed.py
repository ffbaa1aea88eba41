# Copyright (c) 2026, the storefleet.commerce authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Work that ends, as by kill -9, before its call of a number that changes a file system."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable

import pytest

CALLS = [
    (os, ("link", "rename", "replace", "unlink", "mkdir", "rmdir", "chown", "chmod", "utime", "fsync", "makedirs")),
    (shutil, ("copy2", "copymode", "rmtree")),
]


class Killed(BaseException):
    """In place of the end of the process, after which nothing of it runs."""


def killed_before(monkeypatch: pytest.MonkeyPatch, number: int, work: Callable[[], object]) -> bool:
    """Do the work until its call of that number that changes a file system; says whether it came so far."""
    done = [0]

    def counting(call):
        def counted(*given, **named):
            # What a call makes of other calls is not counted: it is either done or not.
            if done[0] < 0:
                return call(*given, **named)
            # Dead is dead: what would clean up does nothing either.
            if done[0] >= number:
                done[0] += 1
                raise Killed
            inside, done[0] = done[0], -1
            try:
                return call(*given, **named)
            finally:
                done[0] = inside + 1

        return counted

    with monkeypatch.context() as patched:
        for module, names in CALLS:
            for name in names:
                patched.setattr(module, name, counting(getattr(module, name)))
        try:
            work()
        except Killed:
            return True
    return False
