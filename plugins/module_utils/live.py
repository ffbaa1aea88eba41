# Copyright (c) 2026, the storefleet.commerce authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A change in the live root of a store: made, proven by behaviour, or taken back whole."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Callable, List, Mapping, Optional, Sequence

from . import taken_back
from .behaviour import Behaviour, in_words
from .compilation import generated_from
from .errors import CommerceError
from .lease import Holder, Lease
from .stopwatch import Stopwatch
from .uninterrupted import uninterrupted
from .verdict import NOT_TESTABLE
from .way_back import WayBack


@dataclass(frozen=True)
class Tools:
    """What a change is made with. Each returns what it did in words, and raises CommerceError when it cannot.

    change: changes the files. compile, reload, clean: make the store follow them.
    prove: the behaviour per API, as the probe names it. units: the services of php-fpm, for what is told to be done by
    hand. health: how the store is besides; worse: in what it is worse than health told before, sentences.
    """

    change: Callable[[], Sequence[str]]
    compile: Callable[[], str]
    reload: Callable[[], str]
    clean: Callable[[], str]
    prove: Callable[[], Behaviour]
    units: Sequence[str] = ()
    health: Callable[[], Any] = lambda: None
    worse: Callable[[Any], Sequence[str]] = lambda dummy: ()


@dataclass(frozen=True)
class Outcome:
    """Behaviour per API before and after, and what was done, in words. Without actions nothing was changed.

    seconds: how long what took.
    """

    before: Behaviour
    after: Behaviour
    actions: Sequence[str]
    seconds: Mapping[str, float]


class LiveChange:
    """One change of the files at paths (relative to root), in a store whose object manager is compiled or not.

    wanted says whether a behaviour is what the change is for, by itself and then by the one of before. name is the
    change in words ("apply X").
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
        wanted: Callable[[Behaviour, Optional[Behaviour]], bool],
        holder: Optional[Holder] = None,
    ):
        self._root = root
        self._compiled = compiled
        self._paths = list(paths)
        self._name = name
        self._tools = tools
        self._wanted = wanted
        self._holder = holder
        self._actions: List[str] = []
        self._watch = Stopwatch()

    def run(self, needed: bool) -> Outcome:
        """Make the change if its files need it (needed) or the behaviour is not the wanted one.

        Raises CommerceError: rolled_back when everything is as before, rollback_failed when it could not be.
        """
        with Lease(self._root, self._holder), uninterrupted(self._name, self._root) as signals:
            before = self._prove()
            if not needed and self._wanted(before, None):
                return Outcome(before, before, (), self._watch.seconds)
            if NOT_TESTABLE in before.values():
                raise taken_back.not_testable(self._name, self._root, before)
            health = self._tools.health()
            stale = [] if self._compiled else generated_from(self._root, self._paths)
            way_back = WayBack.keep(self._root, self._paths, stale)
            try:
                with signals.let_through():
                    self._forward(way_back, stale)
                    after = self._proven(before, health)
            except BaseException as error:
                raise self._back(way_back, before, error) from error
            way_back.drop()
            return Outcome(before, after, self._actions, self._watch.seconds)

    def _proven(self, before, health):
        after = self._prove()
        if not self._wanted(after, before):
            raise taken_back.not_effective(
                self._name, self._root, "the store then behaved so: {0}".format(in_words(after))
            )
        worse = self._tools.worse(health)
        if worse:
            raise taken_back.not_effective(self._name, self._root, " ".join(worse))
        return after

    def _forward(self, way_back, stale):
        if self._compiled:
            way_back.enable_maintenance()
            way_back.set_generated_aside()
        with self._watch.of("patch"):
            self._did(*self._tools.change())
        for path in stale:
            if way_back.set_aside(path):
                self._did("removed {0}, which the store makes anew".format(path))
        if self._compiled:
            with self._watch.of("compile"):
                self._did(self._tools.compile())
        with self._watch.of("reload"):
            self._did(self._tools.reload())
        with self._watch.of("clean"):
            self._did(self._tools.clean())
        way_back.disable_maintenance()

    def _prove(self):
        with self._watch.of("prove"):
            return self._tools.prove()

    def _did(self, *actions):
        self._actions.extend(actions)

    def _back(self, way_back, before, error):
        """Go back, and return the exception that says how it went."""
        cause = taken_back.cause_of(error)
        try:
            undo(self._compiled, way_back, self._tools.reload, self._tools.clean)
            after = self._tools.prove()
            taken_back.require_as_before(self._root, before, after)
            way_back.drop()
            way_back.restore_folders()
        except (CommerceError, OSError) as second:
            return taken_back.rollback_failed(
                self._name, self._root, cause, second, way_back.by_hand(self._tools.units)
            )
        return taken_back.rolled_back(self._name, self._root, cause, after)


def undo(compiled: bool, way_back: WayBack, reload: Callable[[], str], clean: Callable[[], str]) -> List[str]:
    """Put the files of before back and make the store follow them; returns what was done, in words."""
    if compiled:
        way_back.enable_maintenance()
    actions = ["put back {0}".format(path) for path in way_back.put_back()]
    actions.append(reload())
    actions.append(clean())
    way_back.disable_maintenance()
    return actions
