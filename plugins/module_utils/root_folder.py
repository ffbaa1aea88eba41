# Copyright (c) 2026, the storefleet.commerce authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The folder that is given as a store's root: there, or one clear error."""

from __future__ import annotations

import errno
import os
import stat
from typing import Tuple

from .errors import CommerceError

_CODES = {errno.ELOOP: "symlink_loop", errno.ENOENT: "no_store", errno.ENOTDIR: "no_store"}


def statuses(root: str) -> Tuple[os.stat_result, os.stat_result]:
    """The status of the root as it is given, a link perhaps, and that of the folder it leads to.

    CommerceError: no_store, relative_root, symlink_loop or unreadable.
    """
    if not os.path.isabs(root):
        raise no_store(root, "it is a relative path", "relative_root")
    try:
        link, folder = os.lstat(root), os.stat(root)
    except OSError as error:
        raise no_store(root, error.strerror or str(error), _CODES.get(error.errno, "unreadable")) from error
    if not stat.S_ISDIR(folder.st_mode):
        raise no_store(root, "it is not a folder")
    return link, folder


def no_store(root: str, came_back: str, code: str = "no_store") -> CommerceError:
    """The error for a root at which there is no store."""
    return CommerceError(
        "find a Commerce store",
        root,
        came_back,
        "Set commerce_root to the folder that holds the store's app/etc and vendor.",
        code=code,
    )
