# Copyright (c) 2026, the storefleet.commerce authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Patch files: their sections, and trees that they fit onto or not. Asks git, or patch where git is missing."""

from __future__ import annotations

import os
import re
from dataclasses import dataclass
from typing import List, Mapping, Optional, Tuple

from .command import Runner
from .errors import CommerceError

_SECTION = re.compile(r"^(?=diff --git )", re.MULTILINE)
_PLAIN_SECTION = re.compile(r"^(?=--- \S.*\n\+\+\+ \S.*\n@@ )", re.MULTILINE)


@dataclass(frozen=True)
class Section:
    """The part of a patch about one file. path: relative to the tree. creates: the file must not be there before."""

    path: str
    text: str
    creates: bool


def read_patch(path: str) -> str:
    """The text of a patch file; bytes that are no UTF-8 survive as surrogates."""
    try:
        with open(path, encoding="utf-8", errors="surrogateescape", newline="") as file:
            return file.read()
    except OSError as error:
        raise CommerceError(
            "read a patch file",
            path,
            error.strerror or str(error),
            "Reinstall the package magento/quality-patches with Composer.",
            code="tool_failed",
        ) from error


def sections(text: str) -> Tuple[Section, ...]:
    """The patch file by file. A path that leads out of the tree raises CommerceError."""
    parts = _SECTION.split(text)
    if len(parts) == 1:
        parts = _PLAIN_SECTION.split(text)
    found = [_section(part) for part in parts]
    return tuple(section for section in found if section)


def _section(part) -> Optional[Section]:
    old = re.search(r"^--- (?:a/)?([^\t\n\r]+)", part, re.MULTILINE)
    new = re.search(r"^\+\+\+ (?:b/)?([^\t\n\r]+)", part, re.MULTILINE)
    if old and new:
        path = old.group(1) if new.group(1) == "/dev/null" else new.group(1)
        return Section(_inside(path), part, old.group(1) == "/dev/null")
    # A section without hunks: an empty file, a mode, a rename.
    names = re.match(r"diff --git a/(\S+) b/(\S+)", part)
    if not names:
        return None
    return Section(_inside(names.group(2)), part, "\nnew file mode" in part)


def _inside(path) -> str:
    if path.startswith("/") or ".." in path.split("/"):
        raise CommerceError(
            "read a patch",
            path,
            "this path leads out of the store",
            "Do not use this patch; reinstall magento/quality-patches.",
            code="tool_failed",
        )
    return path


class Tree:
    """A folder that patches are held against."""

    def __init__(self, root: str, runner: Runner):
        self._root = root
        self._runner = runner
        self._tool: Optional[str] = None

    def objection(self, text: str, reverse: bool = False) -> Optional[str]:
        """None if the patch could be applied to the tree (or taken out of it), else the tool's words."""
        return self._run(text, reverse, check=True)

    def apply(self, text: str, reverse: bool = False) -> Optional[str]:
        """Apply the patch, or take it out; None, or the tool's words if it could not be done."""
        return self._run(text, reverse, check=False)

    def _run(self, text, reverse, check):
        if self._tool != "patch":
            try:
                result = self._runner.run(
                    ["git", "apply", "-p1"]
                    + (["--check"] if check else [])
                    + (["--reverse"] if reverse else [])
                    + ["-"],
                    cwd=self._root,
                    environment=self._no_repository_above(),
                    stdin=text,
                )
                self._tool = "git"
                return _words(result)
            except CommerceError as error:
                if error.code != "not_started" or self._tool == "git":
                    raise
                self._tool = "patch"
        argv = (
            ["patch", "-p1", "--force", "--fuzz=0"]
            + (["--dry-run"] if check else [])
            + (["--reverse"] if reverse else [])
        )
        try:
            return _words(self._runner.run(argv, cwd=self._root, stdin=text))
        except CommerceError as error:
            if error.code == "not_started":
                raise CommerceError(
                    "hold a patch against the files",
                    self._root,
                    "neither git nor patch can be started there",
                    "Install git (or patch) on the host; the Quality Patches Tool needs one of them too.",
                    code="tool_failed",
                ) from error
            raise

    def _no_repository_above(self) -> Mapping[str, str]:
        # In a subdirectory of a repository git apply skips what lies outside of its index and says that all is well.
        return {
            "GIT_CEILING_DIRECTORIES": os.path.dirname(self._root),
            "GIT_CONFIG_NOSYSTEM": "1",
            "GIT_CONFIG_GLOBAL": "/dev/null",
        }


def _words(result) -> Optional[str]:
    if result.rc == 0:
        return None
    lines: List[str] = [line.strip() for line in (result.err + "\n" + result.out).splitlines() if line.strip()]
    return "; ".join(lines)[:2000] or "exit status {0}".format(result.rc)
