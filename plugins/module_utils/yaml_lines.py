# Copyright (c) 2026, the storefleet.commerce authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The lines of a YAML file as a person sees them: how far in, which key, what kind of value.

Only what it takes to change one list and to leave all else alone, byte for byte, on hosts that have no YAML library.
What could be read in two ways raises UnclearYaml.
"""

from __future__ import annotations

import re
from typing import List, NamedTuple, Optional, Sequence, Tuple

from .yaml_values import UnclearYaml, end_of_brackets, end_of_quoted, unquoted

# Kinds of values. TEXT goes on over the lines below it that are further in, WORD may do so.
NOTHING, WORD, QUOTED, BRACKETS, TEXT, ALIAS = "nothing", "word", "quoted", "brackets", "text", "alias"

_SPACE = re.compile(r"[ \t]*")
_PROPERTY = re.compile(r"[!&][^\s,\[\]{}]*(?=[ \t\r\n]|$)")
_TEXT = re.compile(r"[|>][-+0-9]*[ \t]*(?:[ \t]#.*)?$")
_KEY_ENDS = re.compile(r":(?=[ \t]|$)")
_COMMENT = re.compile(r"(?:^|[ \t])#")
_DASH = re.compile(r"-(?=[ \t\r\n]|$)")
_MARKER = re.compile(r"(---|\.\.\.)(?=\s|$)")


class Line(NamedTuple):
    """A line with a key, an entry of a list or both, and all lines below it that its value goes on over.

    start, end: where in the text, the line break included. indent: its spaces. dashes: of how many lists it is an
    entry. key: None where it has none; with its tag or anchor where it has one, in its quotation marks where it has
    escapes. value, value_end: where its value stands, without tag or anchor; kind: see above.
    properties: tag and anchor of the value.
    """

    start: int
    end: int
    indent: int
    dashes: int
    key: Optional[str]
    properties: Tuple[str, ...]
    value: int
    value_end: int
    kind: str


def read_lines(text: str) -> Tuple[List[Line], int]:
    """All lines of the one document that the text may hold, and where it ends."""
    if re.search("[\x85\u2028\u2029]|\r(?!\n)", text):
        raise UnclearYaml("it has line breaks that not every reader takes for one")
    lines: List[Line] = []
    position, begun = 0, False
    while position < len(text):
        end = _line_end(text, position)
        content = text[position:end].strip()
        marker = _MARKER.match(text, position)
        if marker:
            if marker.group(1) == "...":
                _require_nothing_after(text, end)
                return lines, position
            if begun or lines or not _is_empty(content[3:].strip()):
                raise UnclearYaml("it holds more than one document, or something beside ---")
            begun = True
        elif not _is_empty(content) and (lines or begun or not content.startswith("%")):
            lines.append(_read_line(text, position))
            end = lines[-1].end
        position = end
    return lines, len(text)


def below(lines: Sequence[Line], line: Line) -> List[Line]:
    """The lines that are further in than a line with a key and follow it; a list may be as far in as its key."""
    found = []
    for other in lines[lines.index(line) + 1 :]:
        if other.indent < line.indent or (other.indent == line.indent and not other.dashes):
            break
        found.append(other)
    return found


def level(lines: Sequence[Line]) -> List[Line]:
    """Of lines that belong together, those that are the least far in, as the first of them has to be."""
    if any(line.indent < lines[0].indent for line in lines):
        raise UnclearYaml("its lines are not indented as YAML wants them")
    return [line for line in lines if line.indent == lines[0].indent]


def has_comment(text: str) -> bool:
    """Whether one of the lines is a comment or has one at its end; a "#" in quotation marks counts, too."""
    return any(_COMMENT.search(line) for line in text.split("\n"))


def _read_line(text: str, start: int) -> Line:
    stop = _content_end(text, start)
    position = start
    while text[position] == " ":
        position += 1
    indent = position - start
    if text[position] == "\t":
        raise UnclearYaml("a line begins with a tab")
    column, dashes = indent, 0
    while _DASH.match(text, position):
        column, dashes = position - start, dashes + 1
        position = _SPACE.match(text, position + 1).end()
    properties, position = _properties(text, position)
    key, after = _key(text, position, stop)
    if key is not None:
        key = " ".join(properties + (key,))
        # What belongs to a key in a list is further in than the key, not than the dash.
        column = position - start
        properties, position = _properties(text, _SPACE.match(text, after).end())
    kind, value_end = _value(text, position, stop)
    end = _line_end(text, value_end)
    if kind in (QUOTED, BRACKETS) and not _is_empty(text[value_end:end].strip()):
        raise UnclearYaml("something stands behind {0}".format(text[position : position + 20]))
    if kind in (WORD, TEXT):
        end = _end_of_deeper(text, end, column, comments=kind == TEXT)
    return Line(start, end, indent, dashes, key, properties, position, value_end, kind)


def _key(text: str, position: int, stop: int) -> Tuple[Optional[str], int]:
    """The key at a place and where what follows its colon begins."""
    if text[position : position + 2] in ("? ", "?\n", "?\r"):
        raise UnclearYaml("a key is written with a question mark")
    if position < stop and text[position] in "'\"":
        end = end_of_quoted(text, position)
        found = re.compile(r"[ \t]*:(?=[ \t\r\n]|$)").match(text, end)
        if not found or end > stop:
            return None, position
        key = text[position:end]
        return key if "\\" in key else unquoted(key), found.end()
    if position < stop and text[position] in "[{|>*":
        return None, position
    comment = _COMMENT.search(text, position, stop)
    found = _KEY_ENDS.search(text[position : comment.start() if comment else stop])
    if not found:
        return None, position
    return text[position : position + found.start()].rstrip(), position + found.end()


def _value(text: str, position: int, stop: int) -> Tuple[str, int]:
    """Of what kind the value at a place is, and where it ends; that of a text on further lines: its first line."""
    if position >= stop or text[position] == "#":
        return NOTHING, position
    if text[position] in "'\"":
        return QUOTED, end_of_quoted(text, position)
    if text[position] in "[{":
        return BRACKETS, end_of_brackets(text, position)
    if _TEXT.match(text[position:stop]):
        return TEXT, stop
    comment = _COMMENT.search(text, position, stop)
    end = position + len(text[position : comment.start() if comment else stop].rstrip())
    return (ALIAS if text[position] == "*" else WORD), end


def _properties(text: str, position: int) -> Tuple[Tuple[str, ...], int]:
    found: List[str] = []
    while True:
        match = _PROPERTY.match(text, position)
        if not match:
            return tuple(found), position
        found.append(match.group())
        position = _SPACE.match(text, match.end()).end()


def _end_of_deeper(text: str, position: int, column: int, comments: bool) -> int:
    """Where the lines end that are empty or further in than a column, without the empty ones at their end.

    comments: whether what looks like one is a part of them.
    """
    end = position
    while position < len(text):
        following = _line_end(text, position)
        line = text[position:following]
        if line.strip():
            if len(line) - len(line.lstrip(" ")) <= column or (not comments and line.strip().startswith("#")):
                break
            end = following
        position = following
    return end


def _require_nothing_after(text: str, position: int) -> None:
    if any(not _is_empty(line.strip()) for line in text[position:].split("\n")):
        raise UnclearYaml("it holds more than one document")


def _is_empty(content: str) -> bool:
    return not content or content.startswith("#")


def _line_end(text: str, position: int) -> int:
    return (text.find("\n", position) + 1) or len(text)


def _content_end(text: str, position: int) -> int:
    return position + len(text[position : _line_end(text, position)].rstrip("\r\n"))
