# Copyright (c) 2026, the storefleet.commerce authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The files that a patch changes: what they hold, whose they are, and whether they may be changed."""

from __future__ import annotations

import os
from typing import Dict, Iterable, Mapping, Optional, Tuple

from .errors import CommerceError

Attributes = Optional[Tuple[int, int]]


def content(root: str, path: str) -> Optional[bytes]:
    """What a file holds, None where there is none. One that cannot be read raises CommerceError unreadable."""
    try:
        with open(os.path.join(root, path), "rb") as file:
            return file.read()
    except (FileNotFoundError, NotADirectoryError):
        return None
    except OSError as error:
        raise CommerceError(
            "read a file of the store",
            os.path.join(root, path),
            error.strerror or str(error),
            "Give the store's owner the right to read it, or name the right user in commerce_user.",
            code="unreadable",
        ) from error


def require_writable(root: str, paths: Iterable[str]) -> None:
    """Raise CommerceError not_writable where a file may not be replaced.

    git goes on after such a file, and leaves a half patched store.
    """
    for path in paths:
        folder = os.path.dirname(os.path.join(root, path))
        while not os.path.isdir(folder):
            folder = os.path.dirname(folder)
        if not os.access(folder, os.W_OK):
            raise CommerceError(
                "change the store's files",
                folder,
                "this user may not write there, or the file system is read-only",
                "Work as the owner of the files (commerce_user); a read-only release gets the patch where it is built.",
                code="not_writable",
            )


def attributes(root: str, paths: Iterable[str]) -> Dict[str, Attributes]:
    """Group and mode of each file; for one to come those of its folder, without the search bits."""
    return {path: _attributes(root, path) for path in paths}


def _attributes(root, path) -> Attributes:
    full = os.path.join(root, path)
    try:
        status = os.stat(full)
        return status.st_gid, status.st_mode & 0o7777
    except OSError:
        pass
    try:
        status = os.stat(os.path.dirname(full))
        return status.st_gid, status.st_mode & 0o666
    except OSError:
        return None


def keep_attributes(root: str, kept: Mapping[str, Attributes]) -> None:
    """Give the files group and mode back: git writes new files, with the group and the umask of the process."""
    for path, wanted in kept.items():
        full = os.path.join(root, path)
        try:
            status = os.stat(full)
            if wanted and (status.st_gid, status.st_mode & 0o7777) != wanted and status.st_uid == os.geteuid():
                os.chown(full, -1, wanted[0])
                os.chmod(full, wanted[1])
        except OSError:
            # Not there (a revert took it away), or not our group: the file can still be read as the umask says.
            continue
