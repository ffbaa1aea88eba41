# Copyright (c) 2026, the storefleet.commerce authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The table that the Quality Patches Tool's status prints where it knows no JSON, read.

Its frame is of double lines, or of plus signs and dashes. magento-cloud-patches 1.0 has had two sets of columns: with
the patch's type in one of its own, and with category and origin, where the type is one of the details.
"""

from __future__ import annotations

import re
from typing import Dict, List, Optional, Sequence, Tuple

_FRAME = re.compile(r"[╔╠╟╚][═╤╪╧─┼╢╣╗╝]+$|\+[-=+]+\+$")
_JOINTS = "╔╠╟╚╤╪┼╧╢╣╗╝+"
_BARS = "║│|"
# The tool breaks titles at so many characters, and the table does not show a space at a line's end.
_TITLE = 60


def read_table(text: str) -> Optional[Tuple[Dict[str, str], ...]]:
    """The rows of the first table, each cell under its column's name, as the tool's JSON has them; None without one."""
    lines = [line.rstrip() for line in text.splitlines()]
    first = next((number for number, line in enumerate(lines) if _FRAME.match(line)), None)
    if first is None:
        return None
    joints = [place for place, sign in enumerate(lines[first]) if sign in _JOINTS]
    rows: List[List[List[str]]] = []
    for line in lines[first + 1 :]:
        if _FRAME.match(line):
            continue
        cells = _cells(line, joints)
        if cells is None:
            break
        # A row goes on in lines without an id.
        if cells[0].strip() or not rows:
            rows.append([[] for dummy in cells])
        for cell, part in zip(rows[-1], cells):
            cell.append(part)
    if not rows:
        return None
    names = [_joined(cell).strip() for cell in rows[0]]
    return tuple({name: _text(name, cell) for name, cell in zip(names, row)} for row in rows[1:])


def _cells(line: str, joints: Sequence[int]) -> Optional[List[str]]:
    """What stands between the frame's bars, without the blank beside them; None where the line is none of a table.

    Not split at the bars: a title may hold one.
    """
    if len(line) <= joints[-1] or any(line[place] not in _BARS for place in joints):
        return None
    return [line[before + 2 : after].rstrip() for before, after in zip(joints, joints[1:])]


def _text(name: str, lines: Sequence[str]) -> str:
    lines = _joined(lines).split("\n")
    if name != "Title":
        return "\n".join(lines)
    return "\n".join([line.ljust(_TITLE) for line in lines[:-1]] + lines[-1:])


def _joined(lines: Sequence[str]) -> str:
    return "\n".join(lines).rstrip("\n")
