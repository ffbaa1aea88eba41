# Copyright (c) 2026, the storefleet.commerce authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The ids under stage.build.QUALITY_PATCHES of a .magento.env.yaml, added and removed with all else left as it is.

Text in, text out. Comments, order, quotation marks, tags such as !php/const and line breaks stay byte for byte. Where a
file is of a shape that cannot be changed safely, UnclearYaml says why.
"""

from __future__ import annotations

from typing import List, NamedTuple, Optional, Sequence, Tuple

from .patch_ids import Listed
from .yaml_lines import BRACKETS, NOTHING, QUOTED, TEXT, WORD, Line, below, has_comment, level, read_lines
from .yaml_values import Scalar, UnclearYaml, list_in_brackets, require_single, unquoted

KEYS = ("stage", "build", "QUALITY_PATCHES")
# In the place of ids: every patch that there is.
EVERYTHING = "*"

_NULL = ("~", "null", "Null", "NULL")
_BYTE_ORDER_MARK = "\ufeff"
_STEP = 2


class _Edit(NamedTuple):
    start: int
    end: int
    text: str


class _Place(NamedTuple):
    """Where the list stands, or would.

    found: the lines of the keys that are there, the outermost first. siblings: for each of them the lines that are as
    far in, itself among them; and below the last one, if it is not the list. entries, items: of the list, and their
    lines where it has a line for each. last: of all lines. stop: where the document ends.
    """

    found: Tuple[Line, ...]
    siblings: Tuple[Tuple[Line, ...], ...]
    entries: Tuple[Scalar, ...]
    items: Tuple[Line, ...]
    last: Optional[Line]
    stop: int


def listed_in(text: Optional[str]) -> Listed:
    """The ids that a file lists; None stands for a file that is not there."""
    entries = _place(_body(text)).entries
    return Listed(tuple(entry.value for entry in entries), any(entry.value == EVERYTHING for entry in entries))


def with_patches(text: Optional[str], ids: Sequence[str]) -> str:
    """The text with those of the ids that it lacks at the end of the list.

    Nothing is added where all patches are wanted.
    """
    listed = listed_in(text)
    new = [patch_id for patch_id in dict.fromkeys(ids) if patch_id not in listed.ids]
    if not new or listed.everything:
        return text or ""
    body = _body(text)
    changed = _changed(body, _additions(body, _place(body), new))
    return _proven(text, changed, listed.ids + tuple(new))


def without_patches(text: Optional[str], ids: Sequence[str]) -> Optional[str]:
    """The text without the ids, however often they stand there. None: nothing would be left of the file.

    A list whose last id goes, goes with it, and so do the keys above it that would be left without anything; with a
    comment in the way, an empty list stays.
    """
    listed = listed_in(text)
    if not set(ids).intersection(listed.ids):
        return text
    body = _body(text)
    place = _place(body)
    rest = tuple(patch_id for patch_id in listed.ids if patch_id not in ids)
    edits = _removals(body, place, ids) if rest or not place.items else _whole_list(body, place)
    changed = _changed(body, edits)
    if not changed.strip():
        return None
    return _proven(text, changed, rest)


def _place(body: str) -> _Place:
    lines, stop = read_lines(body)
    found: List[Line] = []
    siblings: List[Tuple[Line, ...]] = []
    members = lines
    for name in KEYS:
        siblings.append(tuple(_mapping(members)))
        line = _named(siblings[-1], name)
        if line is None:
            break
        found.append(line)
        members = below(lines, line)
        if name != KEYS[-1] and not _may_hold_keys(body, line, members):
            raise UnclearYaml("what {0} holds does not stand on lines of its own".format(name))
    entries: Tuple[Scalar, ...] = ()
    items: Tuple[Line, ...] = ()
    if len(found) == len(KEYS):
        entries, items = _entries(body, found[-1], members)
    return _Place(tuple(found), tuple(siblings), entries, items, lines[-1] if lines else None, stop)


def _mapping(lines: Sequence[Line]) -> List[Line]:
    if not lines:
        return []
    if lines[0].dashes or any(line.key is None and not line.dashes for line in level(lines)):
        raise UnclearYaml("there are no keys where {0} belong".format(" and ".join(KEYS)))
    return [line for line in level(lines) if not line.dashes]


def _named(lines: Sequence[Line], name: str) -> Optional[Line]:
    named = [line for line in lines if line.key == name]
    if any(line.key[:1] in ("!", "&") and line.key.split(" ")[-1] == name for line in lines):
        raise UnclearYaml("the key {0} has an anchor or a tag".format(name))
    if any(line.key[:1] == '"' for line in lines):
        raise UnclearYaml("a key beside {0} is written with an escape".format(name))
    if len(named) > 1:
        raise UnclearYaml("{0} stands there twice".format(name))
    if not named and any(line.key == "<<" for line in lines):
        raise UnclearYaml("a merge key (<<) stands where {0} belongs, and may bring it".format(name))
    if named and named[0].properties:
        raise UnclearYaml("{0} has {1}, an anchor or a tag".format(name, " ".join(named[0].properties)))
    return named[0] if named else None


def _may_hold_keys(body: str, line: Line, members: Sequence[Line]) -> bool:
    return line.kind == NOTHING or (not members and _is_empty(body, line))


def _is_empty(body: str, line: Line) -> bool:
    """Whether the value is one of the ways to write that there is none."""
    value = body[line.value : line.value_end]
    return (line.kind == WORD and value in _NULL) or (line.kind == BRACKETS and not value[1:-1].strip())


def _entries(body: str, line: Line, members: Sequence[Line]) -> Tuple[Tuple[Scalar, ...], Tuple[Line, ...]]:
    value = body[line.value : line.value_end]
    if line.kind == BRACKETS and value[0] == "[":
        return tuple(list_in_brackets(body, line.value, line.value_end)), ()
    if line.kind == NOTHING:
        return tuple(_entry(body, member) for member in members), tuple(members)
    if line.kind == WORD and value in _NULL and line.end == _end_of_line(body, line.value_end):
        return (), ()
    if line.kind == QUOTED and unquoted(value) == EVERYTHING:
        return (Scalar(line.value, line.value_end, EVERYTHING),), ()
    raise UnclearYaml("{0} is {1} where a list belongs".format(KEYS[-1], value[:40]))


def _entry(body: str, line: Line) -> Scalar:
    value = body[line.value : line.value_end]
    plain = line.dashes == 1 and line.key is None and not line.properties and line.kind in (WORD, QUOTED)
    if not plain or line.end != _end_of_line(body, line.value):
        raise UnclearYaml(
            "an entry of the list is not a single word ({0})".format(body[line.start : line.end].strip()[:40])
        )
    require_single(value)
    return Scalar(line.value, line.value_end, unquoted(value))


def _additions(body: str, place: _Place, ids: Sequence[str]) -> List[_Edit]:
    if len(place.found) < len(KEYS):
        return _new_keys(body, place, ids)
    line = place.found[-1]
    if place.items:
        last, entry = place.items[-1], place.entries[-1]
        lead, quote = body[last.start : last.value], entry.quote_in(body)
        return [_lines_at(body, last.end, [lead + quote + patch_id + quote for patch_id in ids])]
    if place.entries:
        entry = place.entries[-1]
        quote = entry.quote_in(body)
        return [_Edit(entry.end, entry.end, "".join(", " + quote + patch_id + quote for patch_id in ids))]
    if line.kind == NOTHING:
        return [_lines_at(body, line.end, _as_list(" " * (line.indent + _step(place)), ids))]
    return [_Edit(line.value, line.value_end, "[{0}]".format(", ".join(ids)))]


def _new_keys(body: str, place: _Place, ids: Sequence[str]) -> List[_Edit]:
    """The keys that are missing, first in what the last one that is there holds; at the end of the file if none is."""
    depth, step, there = len(place.found), _step(place), place.siblings[-1]
    indent = there[0].indent if there else place.found[-1].indent + step if place.found else 0
    lines = [" " * (indent + step * number) + key + ":" for number, key in enumerate(KEYS[depth:])]
    lines += _as_list(" " * (indent + step * len(lines)), ids)
    if not place.found:
        if place.last and place.last.kind == TEXT and not body.endswith("\n"):
            raise UnclearYaml("it ends without a line break in a text of several lines")
        return [_lines_at(body, place.stop, lines)]
    parent = place.found[-1]
    edits = [_lines_at(body, parent.end, lines)]
    if parent.kind != NOTHING:
        before = body[: parent.value].rstrip(" ")
        edits.insert(0, _Edit(len(before), parent.value_end, ""))
    return edits


def _as_list(indent: str, ids: Sequence[str]) -> List[str]:
    return ["{0}- {1}".format(indent, patch_id) for patch_id in ids]


def _step(place: _Place) -> int:
    """How much further in each level of this file is."""
    indents = [members[0].indent for members in place.siblings if members]
    return indents[1] - indents[0] if len(indents) > 1 else _STEP


def _removals(body: str, place: _Place, ids: Sequence[str]) -> List[_Edit]:
    if place.items:
        return _without_lines(body, [item for item, entry in zip(place.items, place.entries) if entry.value in ids])
    entries, line = place.entries, place.found[-1]
    if all(entry.value in ids for entry in entries):
        return [_Edit(line.value, line.value_end, "[]")]
    edits = []
    kept = False
    for number, entry in enumerate(entries):
        if entry.value not in ids:
            kept = True
        elif kept:
            edits.append(_Edit(entries[number - 1].end, entry.end, ""))
        else:
            edits.append(_Edit(entry.start, entries[number + 1].start, ""))
    return edits


def _whole_list(body: str, place: _Place) -> List[_Edit]:
    """The list out of the file, and what would be left without anything."""
    line, end = place.found[-1], place.items[-1].end
    top = len(KEYS) - 1
    while top > 0 and len(place.siblings[top]) == 1:
        top -= 1
    start = place.found[top].start
    # The ids' own lines may have comments: those go with them.
    above = body[start : place.items[0].start]
    between = [body[one.end : other.start] for one, other in zip(place.items, place.items[1:])]
    rest = body[:start] + body[end:]
    nothing_left = top == 0 and len(place.siblings[0]) == 1
    if any(has_comment(part) for part in [above] + between) or (nothing_left and rest.strip()):
        edits = [_Edit(line.value_end, line.value_end, "[]")]
        if body[line.value_end - 1] == ":":
            edits = [_Edit(line.value_end, line.value_end, " []")]
        elif body[line.value_end : line.value_end + 1] == "#":
            edits = [_Edit(line.value_end, line.value_end, "[] ")]
        return edits + _without_lines(body, place.items)
    return [_gone(body, start, end)]


def _without_lines(body: str, lines: Sequence[Line]) -> List[_Edit]:
    spans: List[Tuple[int, int]] = []
    for line in lines:
        start = spans.pop()[0] if spans and spans[-1][1] == line.start else line.start
        spans.append((start, line.end))
    return [_gone(body, start, end) for start, end in spans]


def _gone(body: str, start: int, end: int) -> _Edit:
    """Whole lines taken out. Where they end the file without a line break, so does what is left."""
    if end == len(body) and not body.endswith("\n"):
        line_break = "\r\n" if body[:start].endswith("\r\n") else "\n"
        start = max(0, start - len(line_break))
    return _Edit(start, end, "")


def _lines_at(body: str, position: int, lines: Sequence[str]) -> _Edit:
    end = "\r\n" if "\r\n" in body else "\n"
    if position and not body[:position].endswith("\n"):
        return _Edit(position, position, "".join(end + line for line in lines))
    return _Edit(position, position, "".join(line + end for line in lines))


def _changed(body: str, edits: Sequence[_Edit]) -> str:
    for edit in sorted(edits, reverse=True):
        body = body[: edit.start] + edit.text + body[edit.end :]
    return body


def _proven(text: Optional[str], body: str, ids: Tuple[str, ...]) -> str:
    """The changed text, read again."""
    if listed_in(body).ids != ids:
        raise UnclearYaml("a change of it would be read as {0}".format(", ".join(listed_in(body).ids) or "no list"))
    return (_BYTE_ORDER_MARK if (text or "").startswith(_BYTE_ORDER_MARK) else "") + body


def _body(text: Optional[str]) -> str:
    return (text or "")[1:] if (text or "").startswith(_BYTE_ORDER_MARK) else text or ""


def _end_of_line(body: str, position: int) -> int:
    return (body.find("\n", position) + 1) or len(body)
