# Copyright (c) 2026, the storefleet.commerce authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Whether a build beside the live release has the room and the memory that it takes, before it begins."""

from __future__ import annotations

import os
import re
import stat
from contextlib import suppress
from typing import Iterable, Iterator, List, NamedTuple, Optional, Sequence, Set

from .errors import CommerceError
from .release_copy import LEFT_OUT, is_secret, is_written_in_place
from .untouched import Snapshot

MEMINFO = "/proc/meminfo"

_LEFT_OUT = tuple(folder + "/" for folder in LEFT_OUT)
_MIB = 1024 * 1024
# What a folder takes, and what the size of a file is rounded up to, on the file systems that are in use.
_BLOCK = 4096
# For what grows meanwhile, and for logs, caches of the compile and the journal of the switch.
_SHARE, _MORE_BYTES, _MORE_ENTRIES = 1.1, 16 * _MIB, 200
# A compile of a store with next to no modules takes this much. With less the machine would kill it, or the shop.
_LEAST_MEMORY = 256 * _MIB


class Room(NamedTuple):
    """Room on a file system. size: bytes. entries: files, folders and links, an inode each."""

    size: int
    entries: int


NONE = Room(0, 0)
# What Composer downloads to choose a package from Commerce's repositories, and the package.
COMPOSER = Room(128 * _MIB, 5000)


def room_of_copy(release: Snapshot, own: Iterable[str], has_links: bool) -> Room:
    """What a copy of a release takes (see release_copy), by the list of its files that is made anyway.

    own: paths of further files that are copied with their content. What links out of the release lead to is not in the
    list, and not counted.
    """
    copied = set(own)
    sizes: List[int] = []
    folders: Set[str] = set()
    for path, state in release.items():
        if path.startswith(_LEFT_OUT) or is_secret(path):
            continue
        folders.update(_folders_of(path))
        if not stat.S_ISREG(state.mode):
            sizes.append(0)
        elif not has_links or path in copied or is_written_in_place(path):
            sizes.append(state.size)
    return _room_of([*sizes, *(_BLOCK for dummy in folders)])


def room_of_folder(folder: str) -> Room:
    """What a folder takes with all that is in it; nothing where it is not there."""
    sizes: List[int] = []
    for where, dummy, names in os.walk(folder):
        sizes.append(_BLOCK)
        for name in names:
            # Classes that are made at need come and go.
            with suppress(FileNotFoundError):
                sizes.append(os.lstat(os.path.join(where, name)).st_size)
    return _room_of(sizes)


def require_room(root: str, tree: str, copy: Room, generated: Room) -> None:
    """Raise CommerceError no_room where the copy at tree of the release at root, or the switch to it, would not fit.

    generated: what live's generated/ takes. The compile makes it once more in the copy, and the switch may lay all of
    it ready on the file system of live's. For the store's owner: the room that is kept for root is not counted.
    """
    live = os.path.join(root, "generated")
    if os.path.isdir(live) and os.stat(live).st_dev != os.stat(tree).st_dev:
        _require(tree, copy, generated)
        _require(live, generated)
    else:
        _require(tree, copy, generated, generated)


def require_memory(table: str = MEMINFO) -> None:
    """Raise CommerceError no_memory where no compile can be expected to get through."""
    available = _available(table)
    if available is not None and available < _LEAST_MEMORY:
        raise CommerceError(
            "compile beside the live release",
            "this machine",
            "{0} MiB of memory are available, and a compile takes {1} at the very least".format(
                available // _MIB, _LEAST_MEMORY // _MIB
            ),
            "Run it when the machine does less, or give it more memory. Nothing has been changed.",
            code="no_memory",
        )


def _require(folder: str, *rooms: Room) -> None:
    found = os.statvfs(folder)
    size = int(sum(room.size for room in rooms) * _SHARE) + _MORE_BYTES
    entries = int(sum(room.entries for room in rooms) * _SHARE) + _MORE_ENTRIES
    free = found.f_bavail * found.f_frsize
    words = []
    if free < size:
        words.append("{0} MiB of room, of which {1} are free".format(-(-size // _MIB), free // _MIB))
    # A file system that makes inodes as it needs them says that it has none at all.
    if found.f_files and found.f_favail < entries:
        words.append("{0} inodes, of which {1} are free".format(entries, found.f_favail))
    if words:
        raise CommerceError(
            "build beside the live release",
            "the file system of {0}".format(folder),
            "it takes up to {0}".format(" and ".join(words)),
            "Make room there. Another commerce_stage_dir does not help: the copy has to be on the release's own file "
            "system. Nothing has been changed.",
            code="no_room",
        )


def _room_of(sizes: Sequence[int]) -> Room:
    return Room(sum(-(-size // _BLOCK) * _BLOCK for size in sizes), len(sizes))


def _folders_of(path: str) -> Iterator[str]:
    """The folders that a path is in, all of them; the top one is the empty path."""
    while path:
        path = os.path.dirname(path)
        yield path


def _available(table: str) -> Optional[int]:
    """Bytes of memory that programs can have; None where the system does not say."""
    try:
        with open(table, encoding="ascii", errors="replace") as file:
            found = re.search(r"^MemAvailable:\s*(\d+) kB", file.read(), re.MULTILINE)
    except OSError:
        return None
    return int(found.group(1)) * 1024 if found else None
