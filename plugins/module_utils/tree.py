# Copyright (c) 2026, the storefleet.commerce authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Folders that patches are held against. Asks git, or patch where git is missing."""

from __future__ import annotations

import contextlib
import os
import re
import shutil
import tempfile
from typing import Dict, Iterable, Iterator, List, NamedTuple, Optional, Sequence

from .command import Result, Runner
from .errors import CommerceError
from .patch_files import Section

# In a repository git apply skips what lies outside of the current folder and says that all is well, and heeds the
# settings of the repository; so it is told that there is none.
_NO_REPOSITORY = {"GIT_DIR": "/dev/null", "GIT_CONFIG_NOSYSTEM": "1", "GIT_CONFIG_GLOBAL": "/dev/null"}
_LONGEST = 2000


class Objection(NamedTuple):
    """Why a patch does not fit onto a file, in the words of git or patch.

    hunk: the number of the first hunk that does not fit, from 1; line: where the patch has it. None where the words do
    not name one: the file is not there, or must not be.
    """

    words: str
    hunk: Optional[int] = None
    line: Optional[int] = None


class Tree:
    """A folder that patches are held against."""

    def __init__(self, root: str, runner: Runner):
        self.root = root
        self._runner = runner
        self._has_git = True

    def objections(self, parts: Sequence[Section], reverse: bool = False) -> Dict[str, Objection]:
        """Paths that the parts, one after another, do not fit onto (or cannot be taken out of); empty if all fit.

        Nothing is written. Parts of which several are about one file are tried on copies, in another folder, where the
        program cannot see in its head what the first has made of the file. A program that gives no answer raises
        CommerceError tool_failed.
        """
        stacked = _stacked(parts)
        if not stacked or (self._has_git and not reverse):
            result = self._run(_text(parts), reverse, check=True)
            if self._has_git:
                return _told_by_git(result, parts, reverse)
            if result.rc == 0 and not stacked:
                return {}
        if stacked:
            with copied(self, (part.path for part in parts)) as copy:
                return copy.try_in_turn(parts, reverse)
        return self._one_by_one(parts, reverse, check=True)

    def try_in_turn(self, parts: Sequence[Section], reverse: bool = False) -> Dict[str, Objection]:
        """As objections, but each part that fits is applied, or taken out, before the next is tried."""
        return self._one_by_one(parts, reverse, check=False)

    def apply(self, parts: Sequence[Section], reverse: bool = False) -> Optional[str]:
        """Apply the parts, or take them out, until one does not fit; None, or the words that say why."""
        if not _stacked(parts):
            result = self._run(_text(parts), reverse, check=False)
            return _words(result) if result.rc else None
        return next((found.words for found in self.try_in_turn(parts, reverse).values()), None)

    def link(self, path: str) -> Optional[str]:
        """The first part of path, relative to the root, that is a symbolic link: git patches nothing behind one."""
        parts = path.split("/")
        places = ("/".join(parts[:count]) for count in range(1, len(parts) + 1))
        return next((place for place in places if os.path.islink(os.path.join(self.root, place))), None)

    def _one_by_one(self, parts, reverse, check) -> Dict[str, Objection]:
        found: Dict[str, Objection] = {}
        for part in reversed(parts) if reverse else parts:
            if part.path not in found:
                result = self._run(part.text, reverse, check)
                told = (
                    _told_by_git(result, (part,), reverse) if self._has_git else _told_by_patch(result, part, reverse)
                )
                found.update(told)
        return found

    def _run(self, text, reverse, check) -> Result:
        if self._has_git:
            argv = ["git", "apply", "-p1"] + ["--check"] * check + ["--reverse"] * reverse + ["-"]
            try:
                return self._runner.run(argv, cwd=self.root, environment=_NO_REPOSITORY, stdin=text)
            except CommerceError as error:
                if error.code != "not_started":
                    raise
                self._has_git = False
        argv = ["patch", "-p1", "--force", "--fuzz=0", "--no-backup-if-mismatch", "--reject-file=-"]
        argv += ["--dry-run"] * check + ["--reverse"] * reverse
        try:
            return self._runner.run(argv, cwd=self.root, stdin=text)
        except CommerceError as error:
            if error.code != "not_started":
                raise
            raise CommerceError(
                "hold a patch against the files",
                self.root,
                "neither git nor patch can be started there",
                "Install git (or patch) on the host; the Quality Patches Tool needs one of them too.",
                code="tool_failed",
            ) from error


@contextlib.contextmanager
def copied(tree: Tree, paths: Iterable[str]) -> Iterator[Tree]:
    """A tree with copies of these files of the tree, in a folder of its own that is gone afterwards."""
    folder = tempfile.mkdtemp(prefix="storefleet-")
    try:
        for path in set(paths):
            source, target = os.path.join(tree.root, path), os.path.join(folder, path)
            if os.path.isfile(source):
                os.makedirs(os.path.dirname(target), exist_ok=True)
                shutil.copyfile(source, target)
        yield Tree(folder, tree._runner)
    except OSError as error:
        raise CommerceError(
            "copy files of the store",
            error.filename or tree.root,
            error.strerror or str(error),
            "Give the store's owner the right to read them, and room in {0}.".format(folder),
            code="unreadable",
        ) from error
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _stacked(parts) -> bool:
    """Whether several parts are about one file."""
    return len({part.path for part in parts}) < len(parts)


def _text(parts) -> str:
    return "".join(part.text for part in parts)


def _told_by_git(result, parts, reverse) -> Dict[str, Objection]:
    if result.rc == 0:
        return {}
    by_path: Dict[str, List[Section]] = {}
    for part in parts:
        by_path.setdefault(part.path, []).append(part)
    found: Dict[str, Objection] = {}
    for line in result.err.splitlines():
        told = re.match(r"error: (?:patch failed: (.*):(\d+)$|(.*): [^:]+$)", line)
        path = told and (told.group(1) or told.group(3))
        if path in by_path and path not in found:
            number = int(told.group(2)) if told.group(2) else None
            hunk = _hunk(by_path[path], number, reverse) if number else None
            found[path] = Objection(line[len("error: ") :][:_LONGEST], hunk, number)
    if not found:
        raise _no_answer("git", result)
    return found


def _no_answer(program, result) -> CommerceError:
    return CommerceError(
        "hold a patch against the files",
        "this store",
        "{0} ended with {1}: {2}".format(program, result.rc, _words(result)),
        "If it calls the patch corrupt, reinstall the package magento/quality-patches with Composer.",
        code="tool_failed",
    )


def _hunk(parts, line, reverse) -> Optional[int]:
    for part in parts:
        for number, lines in enumerate(part.lines, 1):
            if lines[reverse] == line:
                return number
    return None


def _told_by_patch(result, part, reverse) -> Dict[str, Objection]:
    if result.rc == 0:
        return {}
    # 1: it does not fit.
    if result.rc != 1:
        raise _no_answer("patch", result)
    failed = None if part.creates and not reverse else re.search(r"Hunk #(\d+) FAILED", result.out)
    hunk = int(failed.group(1)) if failed else None
    # Its own number counts what the hunks before have added.
    line = part.lines[hunk - 1][reverse] if hunk and hunk <= len(part.lines) else None
    return {part.path: Objection("{0}: {1}".format(part.path, _words(result)), hunk, line)}


def _words(result) -> str:
    lines = [line.strip() for line in (result.err + "\n" + result.out).splitlines() if line.strip()]
    return "; ".join(lines)[:_LONGEST] or "exit status {0}".format(result.rc)
