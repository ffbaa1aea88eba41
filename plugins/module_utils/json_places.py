# Copyright (c) 2026, the storefleet.commerce authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Where the members of a JSON object stand in a text, so that one of them can be changed and nothing else is."""

from __future__ import annotations

import json
import re
from typing import Any, List, NamedTuple, Optional

from .errors import UnclearFile

_SPACE = re.compile(r"[ \t\r\n]*")
_DECODER = json.JSONDecoder()


class Member(NamedTuple):
    """A member of an object. start: of its name; value_start, end: of its value, in characters of the text."""

    name: str
    start: int
    value_start: int
    end: int
    value: Any


class Place(NamedTuple):
    """An object: its members in their order, and where its brackets stand (end: behind the closing one)."""

    members: List[Member]
    start: int
    end: int

    def member(self, name: str) -> Optional[Member]:
        """That of a name, None without one. UnclearFile: there are several."""
        found = [member for member in self.members if member.name == name]
        if len(found) > 1:
            raise UnclearFile("{0} stands there {1} times".format(json.dumps(name), len(found)))
        return found[0] if found else None


def place_of(text: str, start: int = 0) -> Place:
    """The object that begins at start, or behind white space there. UnclearFile: it is none, or no JSON."""
    position = start = _after_space(text, start)
    if text[start : start + 1] != "{":
        raise UnclearFile("it holds no JSON object")
    members: List[Member] = []
    try:
        _value, end = _DECODER.raw_decode(text, start)
        while True:
            position = _after_space(text, position + 1)
            if text[position] == "}":
                return Place(members, start, end)
            name, after = _DECODER.raw_decode(text, position)
            value_start = _after_space(text, _after_space(text, after) + 1)
            value, value_end = _DECODER.raw_decode(text, value_start)
            members.append(Member(name, position, value_start, value_end, value))
            # A comma or the bracket.
            position = _after_space(text, value_end)
            if text[position] == "}":
                return Place(members, start, end)
    except (ValueError, RecursionError) as error:
        raise UnclearFile("it is not valid JSON: {0}".format(error)) from error


def indent_of(text: str, place: Place) -> str:
    """The white space before the first member of an object, on its line; four spaces where none tells."""
    if not place.members:
        return " " * 4
    line = text.rfind("\n", 0, place.members[0].start) + 1
    before = text[line : place.members[0].start]
    return before if line and not before.strip() else " " * 4


def _after_space(text: str, position: int) -> int:
    found = _SPACE.match(text, position)
    return found.end() if found else position
