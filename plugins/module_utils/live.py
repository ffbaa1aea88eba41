# Copyright (c) 2026, the storefleet.commerce authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A change in the live root of a store: made, proven by behaviour, or taken back whole."""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import dataclass
from typing import Callable, Iterator, List, Mapping, Sequence

from .compilation import generated_from
from .errors import CommerceError
from .interruptions import Held, Interrupted, held
from .lease import Lease
from .verdict import CLOSED, DEFECTIVE, FIXED, NOT_TESTABLE
from .way_back import WayBack

PUT_RIGHT = "put right what an interrupted run had left"


@dataclass(frozen=True)
class Tools:
    """What a change is made with. Each returns what it did in words, and raises CommerceError when it cannot.

    change: changes the files. compile, reload, clean: make the store follow them.
    prove: the behaviour per API, as the probe names it.
    """

    change: Callable[[], Sequence[str]]
    compile: Callable[[], str]
    reload: Callable[[], str]
    clean: Callable[[], str]
    prove: Callable[[], Mapping[str, str]]


@dataclass(frozen=True)
class Outcome:
    """Behaviour per API before and after, and what was done, in words. Without actions nothing was changed."""

    before: Mapping[str, str]
    after: Mapping[str, str]
    actions: Sequence[str]


def is_fixed(behaviour: Mapping[str, str]) -> bool:
    """Every API that answers resets the counter, and one at least does answer."""
    return FIXED in behaviour.values() and set(behaviour.values()) <= {FIXED, CLOSED}


def still_serves(behaviour: Mapping[str, str]) -> bool:
    """Customers can log in through every API that answers, with the defect or without."""
    return set(behaviour.values()) <= {FIXED, DEFECTIVE, CLOSED}


def _serves_as_before(before, after):
    return all(after.get(api) in (state, FIXED) for api, state in before.items())


def _in_words(behaviour):
    return ", ".join("{0} {1}".format(api, state) for api, state in sorted(behaviour.items()))


class LiveChange:
    """One change of the files at paths (relative to root), in a store whose object manager is compiled or not.

    wanted says whether the behaviour after the change is what it is for. name is the change in words ("apply X").
    A compiled store is under maintenance from before its code changes until its compile is done: in between it would
    fail every login. Runs as the store's owner.
    """

    def __init__(
        self,
        root: str,
        compiled: bool,
        paths: Sequence[str],
        name: str,
        tools: Tools,
        wanted: Callable[[Mapping[str, str]], bool],
    ):
        self._root = root
        self._compiled = compiled
        self._paths = list(paths)
        self._name = name
        self._tools = tools
        self._wanted = wanted
        self._actions: List[str] = []

    def run(self, needed: bool) -> Outcome:
        """Make the change if its files need it (needed) or the behaviour is not the wanted one.

        Raises CommerceError: rolled_back when everything is as before, rollback_failed when it could not be.
        """
        with Lease(self._root), _uninterrupted(self._name, self._root) as signals:
            before = self._tools.prove()
            if not needed and self._wanted(before):
                return Outcome(before, before, ())
            if NOT_TESTABLE in before.values():
                raise CommerceError(
                    self._name,
                    self._root,
                    "its behaviour cannot be tested now ({0})".format(_in_words(before)),
                    "Remove what hinders the probe, then run again: nothing has been changed.",
                    code="not_testable",
                )
            stale = [] if self._compiled else generated_from(self._root, self._paths)
            way_back = WayBack.keep(self._root, self._paths, stale)
            try:
                with signals.let_through():
                    after = self._forward_and_prove(way_back, stale)
            except BaseException as error:
                raise self._back(way_back, before, error) from error
            way_back.drop()
            return Outcome(before, after, self._actions)

    def _forward_and_prove(self, way_back, stale):
        self._forward(way_back, stale)
        after = self._tools.prove()
        if not self._wanted(after):
            raise CommerceError(
                self._name,
                self._root,
                "the store then behaved so: {0}".format(_in_words(after)),
                "",
                code="not_effective",
            )
        return after

    def _forward(self, way_back, stale):
        if self._compiled:
            way_back.enable_maintenance()
            way_back.set_generated_aside()
        self._did(*self._tools.change())
        for path in stale:
            if way_back.set_aside(path):
                self._did("removed {0}, which the store makes anew".format(path))
        if self._compiled:
            self._did(self._tools.compile())
        self._did(self._tools.reload())
        self._did(self._tools.clean())
        way_back.disable_maintenance()

    def _did(self, *actions):
        self._actions.extend(actions)

    def _back(self, way_back, before, error):
        """Go back, and return the exception that says how it went."""
        cause = (
            str(error).strip()
            if isinstance(error, CommerceError)
            else "{0} while changing it.".format(type(error).__name__)
        )
        try:
            undo(self._compiled, way_back, self._tools)
            after = self._tools.prove()
            if not _serves_as_before(before, after):
                raise CommerceError(
                    "prove that the store serves as before",
                    self._root,
                    "it now behaves so: {0}".format(_in_words(after)),
                    "",
                    code="not_as_before",
                )
            way_back.drop()
            way_back.restore_folders()
        except (CommerceError, OSError) as second:
            return CommerceError(
                self._name,
                self._root,
                "{0} And going back failed: {1}".format(cause, second),
                way_back.by_hand(),
                code="rollback_failed",
            )
        return CommerceError(
            self._name,
            self._root,
            "{0} Everything was put back, and the store serves as before ({1})".format(cause, _in_words(after)),
            "See {0}/var/log and the words above for the cause, then run again.".format(self._root),
            code="rolled_back",
        )


def undo(compiled: bool, way_back: WayBack, tools: Tools) -> List[str]:
    """Put the files of before back and make the store follow them; returns what was done, in words."""
    if compiled:
        way_back.enable_maintenance()
    actions = ["put back {0}".format(path) for path in way_back.put_back()]
    actions.append(tools.reload())
    actions.append(tools.clean())
    way_back.disable_maintenance()
    return actions


def finish_interrupted(root: str, tools: Tools) -> List[str]:
    """Put right what a run that was killed left in the store; returns what was done, in words, if anything."""
    with Lease(root), _uninterrupted("put right what an interrupted run left", root):
        way_back = WayBack.left_over(root)
        if way_back is None:
            return []
        actions = undo(way_back.under_maintenance, way_back, tools)
        way_back.drop()
        way_back.restore_folders()
        return [PUT_RIGHT] + actions


@contextmanager
def _uninterrupted(tried: str, root: str) -> Iterator[Held]:
    """Hold signals back. One that came is told at the end, unless a change failed meanwhile: then that is told."""
    try:
        with held() as signals:
            yield signals
    except Interrupted as error:
        if isinstance(error.__context__, CommerceError):
            raise error.__context__ from None
        raise CommerceError(
            tried,
            root,
            "signal {0} ended it".format(error.number),
            "Run it again: the store is whole.",
            code="interrupted",
        ) from None
