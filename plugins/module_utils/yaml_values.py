# Copyright (c) 2026, the storefleet.commerce authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Where a quoted text and a list in brackets end in YAML, and what such a list holds."""

from __future__ import annotations

import re
from typing import List, NamedTuple

from .errors import UnclearFile

_PAIRS = {"[": "]", "{": "}"}


class UnclearYaml(UnclearFile):
    """YAML that is not to be changed by a program."""


class Scalar(NamedTuple):
    """A single value in a text: from start up to end, and what it means."""

    start: int
    end: int
    value: str

    def quote_in(self, text: str) -> str:
        """The quotation mark around it, empty where there is none."""
        return text[self.start] if text[self.start] in "'\"" else ""


def end_of_quoted(text: str, start: int) -> int:
    """The place after the closing quotation mark of what is opened at start."""
    pattern = r"'(?:[^']|'')*'" if text[start] == "'" else r'"(?:[^"\\]|\\.)*"'
    found = re.compile(pattern, re.DOTALL).match(text, start)
    if not found:
        raise UnclearYaml("a quotation mark is not closed")
    return found.end()


def unquoted(text: str) -> str:
    """What a text means that stands on one line, with or without quotation marks."""
    if text[0] == "'":
        return text[1:-1].replace("''", "'")
    if text[0] == '"':
        if "\\" in text:
            raise UnclearYaml("{0} holds an escape".format(text[:40]))
        return text[1:-1]
    return text


def end_of_brackets(text: str, start: int) -> int:
    """The place after the bracket that closes the one at start, whatever stands in quotes and comments between."""
    wanted: List[str] = []
    position, fresh = start, True
    while position < len(text):
        character = text[position]
        if fresh and character in "'\"":
            position, fresh = end_of_quoted(text, position), False
            continue
        if fresh and character in "!&":
            # A tag or an anchor: what it belongs to begins after it.
            position = re.compile(r"[^\s,\[\]{}]+").match(text, position).end()
            continue
        if character == "#" and text[position - 1].isspace():
            position = (text.find("\n", position) + 1) or len(text)
            continue
        if character in _PAIRS:
            wanted.append(_PAIRS[character])
            fresh = True
        elif character in "]}":
            if wanted.pop() != character:
                raise UnclearYaml("its brackets do not match")
            if not wanted:
                return position + 1
            fresh = False
        elif character == ",":
            fresh = True
        elif character == ":":
            fresh = text[position - 1] in "'\"" or text[position + 1 : position + 2].isspace()
        elif not character.isspace():
            fresh = False
        position += 1
    raise UnclearYaml("a bracket is not closed")


def list_in_brackets(text: str, start: int, end: int) -> List[Scalar]:
    """The entries of a list, whose opening bracket is at start and whose closing one is before end."""
    scalars: List[Scalar] = []
    position, last = start + 1, end - 1
    while True:
        position = re.compile(r"\s*").match(text, position).end()
        if position == last:
            return scalars
        if text[position] == "#":
            raise UnclearYaml("a comment stands within the brackets")
        if text[position] in "'\"":
            stop = end_of_quoted(text, position)
        else:
            stop = re.compile(r"[^,\[\]{}#\n]*").match(text, position, last).end()
            stop = position + len(text[position:stop].rstrip())
        entry = text[position:stop]
        require_single(entry)
        scalars.append(Scalar(position, stop, unquoted(entry)))
        position = re.compile(r"\s*").match(text, stop).end()
        if position == last:
            return scalars
        if text[position] != ",":
            raise UnclearYaml("a comment or more than single words stand within the brackets")
        position += 1


def require_single(entry: str) -> None:
    """Refuse an entry of a list that is not one word or one quoted text on one line."""
    if not entry or "\n" in entry or entry[0] in "!&*?|>%@`[{-" or re.search(r":(\s|$)", entry):
        raise UnclearYaml("an entry of the list is not a single word ({0})".format(entry[:40] or "it is empty"))
