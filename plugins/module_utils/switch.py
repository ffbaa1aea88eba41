# Copyright (c) 2026, the storefleet.commerce authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The steps of one switch and of its way back, each with what makes the store follow it."""

from __future__ import annotations

from typing import Callable, List, NamedTuple, Optional, Sequence

from .errors import CommerceError
from .stopwatch import Stopwatch
from .switch_files import SwitchFiles
from .switch_order import CODE, STEPS, files_of


class Follow(NamedTuple):
    """How the store is made to follow its files; each may raise CommerceError.

    hold: requests go by the files at these paths as they are now, until a reload. reload: php-fpm sees the code. clean:
    the configuration is read anew; None where another node does it for this one. These two return what they did in
    words. wait: no request is in flight that goes on with the code of before. clean_code: what the caches hold of the
    files of the code, such as templates, is made anew; None where they hold nothing of them.
    """

    hold: Callable[[Sequence[str]], object]
    reload: Callable[[], str]
    clean: Optional[Callable[[], str]]
    wait: Callable[[], object]
    clean_code: Optional[Callable[[], str]] = None


class Switch:
    """One switch of prepared files. actions: what was done, in words."""

    def __init__(self, files: SwitchFiles, follow: Follow, stopwatch: Stopwatch):
        self.files = files
        self.actions: List[str] = []
        self._follow = follow
        self._stopwatch = stopwatch

    @property
    def order(self):
        """The steps in the order in which they are done."""
        return STEPS[self.files.journal["direction"]]

    def enter(self, step: str) -> bool:
        """Do a step; False where it had been done. Raises CommerceError, and OSError of the files."""
        journal = self.files.journal
        if step in journal["done"]:
            return False
        self._hold(step)
        # The notes are on disk before and after: the reload must follow the last rename at once.
        journal.begin(step)
        with self._stopwatch.of(step):
            self.files.forward(step)
        self._make_follow(step, step == self.order[-1])
        self._remove(self.files.going(step), self.files.remove)
        self.files.restore_folders()
        journal.finish(step)
        self.actions.append("switched the {0}".format(step))
        return True

    def leave(self, step: str) -> bool:
        """Undo a step, or what has been done of it; False where nothing was begun. Raises as enter does."""
        journal = self.files.journal
        if step not in journal.begun:
            return False
        self._hold(step)
        with self._stopwatch.of("back_" + step):
            paths = self.files.back(step)
        self._make_follow(step, step == self.order[0])
        paths += self._remove(self.files.going_back(step), self.files.take_back)
        journal.undo(step)
        self.actions += ["put back {0}".format(path) for path in paths]
        return True

    def undo(self) -> None:
        """Undo all steps in the mirrored order; the tree is that of before then. Raises as enter does."""
        for step in reversed(self.order):
            self.leave(step)
        self.files.restore_folders(whole=True)

    def _hold(self, step) -> None:
        if step == CODE:
            with self._stopwatch.of("requests_of_before"):
                self._follow.hold([file.path for file in files_of(step, self.files.files)])

    def _remove(self, files, remove) -> List[str]:
        """Remove what only the code of before the reload refers to, when no request runs that any more."""
        if files:
            with self._stopwatch.of("requests_of_before"):
                self._follow.wait()
        return [file.path for file in files if remove(file)]

    def _make_follow(self, step, is_last):
        clean = self._follow.clean
        if step == CODE:
            with self._stopwatch.of("reload"):
                self.actions.append(self._follow.reload())
            # Where the configuration follows, its caches are cleaned with these.
            clean = self._follow.clean_code if is_last else None
        if clean:
            with self._stopwatch.of("clean"):
                self.actions.append(clean())


def as_commerce_error(error: OSError, root: str) -> CommerceError:
    """An error of the file system in the family's words."""
    return CommerceError(
        "switch the files of the store",
        error.filename or root,
        error.strerror or str(error),
        "See that the store's owner may write there, and that the disk is not full.",
        code="not_switched",
    )
