# Copyright (c) 2026, the storefleet.commerce authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Proof that a release was not touched: what its files are, before and after."""

from __future__ import annotations

import hashlib
import os
import stat
from typing import Dict, Iterable, List, NamedTuple, Optional, Tuple

from .release_copy import LEFT_OUT, is_written_in_place

# Requests and cron jobs of a live store write here: classes that are made at need, feeds and sitemaps, logs.
_WRITTEN_BY_STORE = tuple(path for path in LEFT_OUT if path != "generated") + ("generated/code",)
_WRITTEN_SUFFIXES = (".log",)


class FileState(NamedTuple):
    """One file or link: mode, size in bytes, time of change in ns; digest of the content where it was asked.

    Not its inode: on an overlay file system that may be another as soon as the file is linked.
    """

    mode: int
    size: int
    mtime: int
    digest: Optional[str]


Snapshot = Dict[str, FileState]


def snapshot(root: str, hashed: Iterable[str]) -> Snapshot:
    """The files of the release at root by their paths relative to it, but for those that a live store writes itself.

    hashed: files whose content is read too, besides those that programs write in place. Works as who may read it; what
    may not be read is left out.
    """
    wanted = set(hashed)
    found: Snapshot = {}
    folders = [""]
    while folders:
        folder = folders.pop()
        for entry in _entries(os.path.join(root, folder)):
            path = os.path.join(folder, entry.name)
            if entry.is_dir(follow_symlinks=False):
                if path not in _WRITTEN_BY_STORE:
                    folders.append(path)
            elif not _is_written_by_store(path):
                status = entry.stat(follow_symlinks=False)
                is_hashed = stat.S_ISREG(status.st_mode) and (path in wanted or is_written_in_place(path))
                digest = _digest(entry.path) if is_hashed else None
                found[path] = FileState(status.st_mode, status.st_size, status.st_mtime_ns, digest)
    return found


def differences(before: Snapshot, after: Snapshot) -> Tuple[str, ...]:
    """Paths of what is not the same, sorted."""
    paths = before.keys() | after.keys()
    return tuple(sorted(path for path in paths if before.get(path) != after.get(path)))


def _is_written_by_store(path: str) -> bool:
    if path.startswith("pub/"):
        return not path.endswith((".php", ".htaccess"))
    return path.endswith(_WRITTEN_SUFFIXES)


def _entries(folder: str) -> List[os.DirEntry[str]]:
    try:
        with os.scandir(folder) as entries:
            return list(entries)
    except OSError:
        return []


def _digest(path: str) -> Optional[str]:
    try:
        with open(path, "rb") as file:
            return hashlib.sha256(file.read()).hexdigest()
    except OSError:
        return None
