# Copyright (c) 2026, the storefleet.commerce authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a file is besides its content: owner, group, mode, ACL, SELinux context and other extended attributes."""

from __future__ import annotations

import os
from typing import Dict, Tuple


def take_over(source: str, target: str) -> Tuple[str, ...]:
    """Give the file target all that the file source has; names of what could not be given, in words.

    The owner is for root alone to give. Both are regular files.
    """
    unkept = []
    wanted = os.stat(source)
    try:
        os.chown(target, wanted.st_uid if os.geteuid() == 0 else -1, wanted.st_gid)
    except OSError:
        unkept.append("its group")
    unkept += _extended(source, target)
    # Last: chown takes set-id bits away, and an ACL has a say in the bits of the group.
    os.chmod(target, wanted.st_mode & 0o7777)
    return tuple(unkept)


def _extended(source, target):
    unkept = []
    wanted, found = _attributes(source), _attributes(target)
    # A folder gives its new files an access list of its own.
    for name in found.keys() - wanted.keys():
        try:
            os.removexattr(target, name)
        except OSError:
            unkept.append("an attribute more, {0}".format(name))
    for name, value in wanted.items():
        if found.get(name) != value:
            try:
                os.setxattr(target, name, value)
            except OSError:
                unkept.append("its attribute {0}".format(name))
    return unkept


def _attributes(path) -> Dict[str, bytes]:
    """Extended attributes by name; none on a file system that has none."""
    try:
        return {name: os.getxattr(path, name) for name in os.listxattr(path)}
    except OSError:
        return {}
