# Copyright (c) 2026, the storefleet.commerce authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Where other file systems, or other parts of the same one, are mounted below a folder."""

from __future__ import annotations

import re
from typing import Tuple

TABLE = "/proc/self/mountinfo"


def mount_points(root: str, table: str = TABLE) -> Tuple[str, ...]:
    """Paths of the mount points below root (a real path), relative to it; none where the system does not list them.

    Nothing can be renamed over such a path (EBUSY), nor across it (EXDEV), even where both sides are one device.
    """
    try:
        with open(table, encoding="utf-8", errors="surrogateescape") as file:
            # The fifth field; a space in it is written as its octal number.
            points = {_plain(line.split(" ")[4]) for line in file}
    except OSError:
        return ()
    below = root.rstrip("/") + "/"
    return tuple(sorted(point[len(below) :] for point in points if point.startswith(below)))


def _plain(field) -> str:
    return re.sub(r"\\([0-7]{3})", lambda found: chr(int(found.group(1), 8)), field)
