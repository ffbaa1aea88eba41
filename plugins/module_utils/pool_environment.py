# Copyright (c) 2026, the storefleet.commerce authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Environment variables that the php-fpm pool of a store has and a command line lacks."""

from __future__ import annotations

import glob
import os
import re
from typing import Callable, Dict

from .pool_places import POOL_FILES

_SET = re.compile(rb"^[ \t]*env\[", re.MULTILINE)
# The command line has its own of these, and they are about the process, not the store.
_NOT_OURS = ("PATH", "HOME", "USER", "HOSTNAME", "TMP", "TMPDIR", "TEMP", "LC_ALL", "LANG")


def environment_finder(prefix: str = "/") -> Callable[[str], Dict[str, str]]:
    """A function that gives the variables of the pool which serves the store at a root.

    Empty where that cannot be told. The function is for the store's owner to call, and what it may not read counts as
    nothing; this one is for the process that may still import. Values are secrets: never log them.
    """
    if not any(_sets_variables(path) for path in _files(prefix)):
        return lambda dummy: {}
    # Finding the pool of a store means reading the web server's configuration: only where it matters.
    from .served import serving_of

    def found(root):
        pool = serving_of(os.path.realpath(root), prefix).pool
        return {name: value for name, value in (pool.environment if pool else {}).items() if name not in _NOT_OURS}

    return found


def _files(prefix):
    return [path for pattern in POOL_FILES for path in glob.glob(os.path.join(prefix, pattern.lstrip("/")))]


def _sets_variables(path) -> bool:
    try:
        with open(path, "rb") as file:
            return bool(_SET.search(file.read()))
    except OSError:
        return False
