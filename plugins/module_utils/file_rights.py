# Copyright (c) 2026, the storefleet.commerce authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Who may read a file of a copy: those who may read its model in the live release, the pool's user among them."""

from __future__ import annotations

import os
import stat
from contextlib import suppress

from .identity import Identity

# The second is what new files in a folder begin with.
_ACCESS_LISTS = ("system.posix_acl_access", "system.posix_acl_default")


def give_rights(model: str, path: str) -> None:
    """Give path (no link) the mode, the access lists and, where it is one of ours, the group of model.

    For the owner of path. Another user's ownership cannot be given away, and a group that is not ours is left as it is.
    """
    wanted = os.stat(model)
    if os.stat(path).st_gid != wanted.st_gid:
        with suppress(PermissionError):
            os.chown(path, -1, wanted.st_gid)
    # After the group: a change of that takes set-group-id away.
    os.chmod(path, stat.S_IMODE(wanted.st_mode))
    if hasattr(os, "getxattr"):
        for name in _ACCESS_LISTS:
            # None there, none here, or a file system without any.
            with suppress(OSError):
                os.setxattr(path, name, os.getxattr(model, name))


def may_read(user: Identity, path: str) -> bool:
    """Whether that user may read a file, or list a folder and what is in it. Folders above it are not looked at.

    An access list may say more than the mode does, and is taken to say yes.
    """
    status = os.stat(path)
    shift = 6 if status.st_uid == user.uid else 3 if status.st_gid in user.groups else 0
    wanted = 0o5 if stat.S_ISDIR(status.st_mode) else 0o4
    return user.uid == 0 or (status.st_mode >> shift) & wanted == wanted or _has_access_list(path)


def _has_access_list(path: str) -> bool:
    try:
        return _ACCESS_LISTS[0] in os.listxattr(path)
    except (AttributeError, OSError):
        return False
