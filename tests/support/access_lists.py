# Copyright (c) 2026, the storefleet.commerce authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""POSIX access lists as the kernel keeps them, for machines without setfacl."""

from __future__ import annotations

import struct

# Of a file, and what new files in a folder begin with.
ACCESS, DEFAULT = "system.posix_acl_access", "system.posix_acl_default"

_VERSION = 2
_OWNER, _USER, _GROUP, _MASK, _OTHERS = 1, 2, 4, 16, 32
_NOBODY = 0xFFFFFFFF


def access_list(user: int = 65534, rights: int = 4, mask: int = 4) -> bytes:
    """An access list that gives a further user rights (4 read, 2 write, 1 execute), but for those that mask lacks."""
    entries = (
        (_OWNER, 6, _NOBODY),
        (_USER, rights, user),
        (_GROUP, 4, _NOBODY),
        (_MASK, mask, _NOBODY),
        (_OTHERS, 0, _NOBODY),
    )
    return struct.pack("<I", _VERSION) + b"".join(struct.pack("<HHI", *entry) for entry in entries)
