# Copyright (c) 2026, the storefleet.commerce authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Patch files: their sections, file by file, with the paths that they have in the store."""

from __future__ import annotations

import os
import re
from typing import NamedTuple, Optional, Tuple

from .layout import COMPOSER, in_layout
from .tool_files import broken_tool, read_tool_file

_SECTION = re.compile(r"^(?=diff -)", re.MULTILINE)
_PLAIN_SECTION = re.compile(r"^(?=--- \S.*\n\+\+\+ \S.*\n@@ )", re.MULTILINE)
_HUNK = re.compile(r"^@@ -(\d+)(?:,\d+)? \+(\d+)", re.MULTILINE)
_OLD = re.compile(r"^--- ([^\t\n\r]+)", re.MULTILINE)
_NEW = re.compile(r"^\+\+\+ ([^\t\n\r]+)", re.MULTILINE)
_NAMES = re.compile(r"diff --git a/(\S+) b/(\S+)")
# Where a section says which file it is about.
_PATHS = re.compile(r"^((?:diff --git|---|\+\+\+|rename (?:from|to)|copy (?:from|to)) )(.*)$", re.MULTILINE)
# The vendor's biggest has less than one.
_MEBIBYTES = 4


class Section(NamedTuple):
    """The part of a patch about one file.

    path: relative to the tree. creates: the file must not be there before. lines: where each hunk begins, before and
    after the patch.
    """

    path: str
    text: str
    creates: bool
    lines: Tuple[Tuple[int, int], ...]


def read_sections(folder: str, name: str, layout: str = COMPOSER) -> Tuple[Section, ...]:
    """The patch folder/name file by file, with the paths of the layout; bytes that are no UTF-8 survive as surrogates.

    One that is not there, or cannot be used as it is, raises CommerceError tool_failed.
    """
    path = os.path.join(folder, name)
    try:
        content = read_tool_file(folder, name, _MEBIBYTES)
    except FileNotFoundError as error:
        raise broken_tool(path, "it is not there") from error
    if b"\0" in content:
        raise broken_tool(path, "it is no text")
    found = sections(content.decode("utf-8", "surrogateescape"), layout, path)
    if not found:
        raise broken_tool(path, "no patch is in it")
    return found


def sections(text: str, layout: str = COMPOSER, origin: str = "a patch") -> Tuple[Section, ...]:
    """The patch file by file. A path that leads out of the tree raises CommerceError naming the origin of the text."""
    parts = _SECTION.split(text)
    if len(parts) == 1:
        parts = _PLAIN_SECTION.split(text)
    found = [_section(part, layout, origin) for part in parts]
    return tuple(section for section in found if section)


def hunks(section: Section) -> Tuple[Section, ...]:
    """Each hunk of a section as a section of its own; one without hunks as it is."""
    starts = [found.start() for found in _HUNK.finditer(section.text)]
    if not starts:
        return (section,)
    header, ends = section.text[: starts[0]], [*starts[1:], len(section.text)]
    return tuple(
        section._replace(text=header + section.text[start:end], lines=(lines,))
        for start, end, lines in zip(starts, ends, section.lines)
    )


def _section(part, layout, origin) -> Optional[Section]:
    first_hunk = _HUNK.search(part)
    header = part[: first_hunk.start()] if first_hunk else part
    old, new = _OLD.search(header), _NEW.search(header)
    if old and new:
        creates = old.group(1) == "/dev/null"
        path = _stripped((old if new.group(1) == "/dev/null" else new).group(1))
    else:
        # A section without hunks: an empty file, a mode, a rename.
        names = _NAMES.match(header)
        if not names:
            return None
        creates, path = "\nnew file mode" in header, names.group(2)
    if path.startswith(("/", '"')) or ".." in path.split("/"):
        raise broken_tool(origin, "its path {0} leads out of the store, or is quoted".format(path[:200]))
    if layout != COMPOSER:
        part = _PATHS.sub(lambda found: found.group(1) + _moved(found.group(2), layout), header) + part[len(header) :]
    lines = tuple((int(before), int(after)) for before, after in _HUNK.findall(part))
    return Section(in_layout(layout, path), part, creates, lines)


def _stripped(path):
    return path[2:] if path.startswith(("a/", "b/")) else path


def _moved(names, layout):
    """A header's paths, each with its a/ or b/ if it has one, and what follows them, at their place in the layout."""
    return re.sub(
        r"(?<!\S)([ab]/)?([^\s]+)", lambda path: (path.group(1) or "") + in_layout(layout, path.group(2)), names
    )
