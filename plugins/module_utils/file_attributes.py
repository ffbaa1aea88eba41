# Copyright (c) 2026, the storefleet.commerce authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a file is besides its content: owner, group, mode, ACL, SELinux context and other extended attributes."""

from __future__ import annotations

import os
from typing import Dict, List, Tuple

_ACCESS_LIST = "system.posix_acl_access"
_CONTEXT = "security.selinux"


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
    unkept += _give_attributes(_attributes(source), _attributes(target), target)
    # Last: chown takes set-id bits away, and an ACL has a say in the bits of the group.
    os.chmod(target, wanted.st_mode & 0o7777)
    return tuple(unkept)


def arrive(source: str, folder: str, target: str) -> Tuple[str, ...]:
    """Give a new file what it would have if it had been made in the folder; names of what could not be given, in words.

    source: the file that was made in a copy of that folder: its mode and its access list count. target was made
    elsewhere, and is to be renamed to the folder.
    """
    unkept = []
    wanted = os.stat(folder)
    try:
        os.chown(target, wanted.st_uid if os.geteuid() == 0 else -1, wanted.st_gid)
    except OSError:
        unkept.append("the group of its folder")
    access, context = _attributes(source).get(_ACCESS_LIST), _attributes(folder).get(_CONTEXT)
    attributes = {name: value for name, value in ((_ACCESS_LIST, access), (_CONTEXT, context)) if value is not None}
    found = {name: value for name, value in _attributes(target).items() if name in (_ACCESS_LIST, *attributes)}
    unkept += _give_attributes(attributes, found, target)
    os.chmod(target, os.stat(source).st_mode & 0o777)
    return tuple(unkept)


def _give_attributes(wanted: Dict[str, bytes], found: Dict[str, bytes], target: str) -> List[str]:
    """Change the attributes that target has from those found to those wanted; what could not be changed, in words."""
    unkept = []
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


def _attributes(path: str) -> Dict[str, bytes]:
    """Extended attributes by name; none on a file system that has none."""
    try:
        return {name: os.getxattr(path, name) for name in os.listxattr(path)}
    except OSError:
        return {}
