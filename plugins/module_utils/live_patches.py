# Copyright (c) 2026, the storefleet.commerce authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Vendor patches brought into effect in a live store, or taken out of it: the change, its tools, and the proof."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any, Dict, Optional, Sequence, Tuple

from .advisory import ADVISORIES
from .arguments import Workplace
from .behaviour import Behaviour, has_advisory, is_as_wanted
from .caches import clean_configuration
from .compile_beside import compile_beside
from .errors import CommerceError
from .identity import RootService
from .isolated_compile import CompileLimits
from .lease import Holder
from .live import LiveChange, Tools
from .patch_needs import due_words, needs_of
from .probe_options import ProbeOptions
from .proof import Proof
from .quality_patches import PRESENT, Outcome, ensure, touched_files
from .recovery import PUT_RIGHT, put_right
from .reloading import Reloading
from .settings import Settings, read_settings
from .store import Store, read_store
from .trail import CHANGED, NEEDS_HANDS, TAKEN_BACK, Change, files_after, files_before, note
from .verdict import NOT_TESTABLE
from .way_back import set_aside_generated

# What the log says of a change that failed, by the code of the error. Another code says that nothing was begun.
_OUTCOMES = {"rolled_back": TAKEN_BACK, "rollback_failed": NEEDS_HANDS}


@dataclass(frozen=True)
class Wish:
    """What an operator wants: the patches present or absent, how to prove it, how to reload, what a compile may take.

    reload, reload_command: see reloading.Reloading. holder: the run that calls. accept_side_effects, accept_needs: see
    quality_patches.ensure.
    """

    patches: Tuple[str, ...]
    state: str
    probe: ProbeOptions
    reload: str
    compile_limits: CompileLimits
    reload_command: Tuple[str, ...] = ()
    holder: Optional[Holder] = None
    accept_side_effects: Tuple[str, ...] = ()
    accept_needs: Tuple[str, ...] = ()


def bring_about(place: Workplace, ask: RootService, wish: Wish) -> Dict[str, Any]:
    """Bring the patches into effect (or out of it) and return what the module returns. In check mode only predict.

    Raises CommerceError: everything is as it was but where its code is rollback_failed.
    """
    store = read_store(place.root)
    if place.check:
        predicted = _predicted(place, store, wish)
        first = ["would have {0}".format(PUT_RIGHT)] if store.interrupted else []
        return dict(
            predicted.as_result(),
            changed=predicted.changed or store.interrupted,
            actions=first + list(predicted.actions),
            before={},
            after={},
            seconds={},
        )
    done = put_right(place, ask, wish.reload, wish.reload_command, wish.holder)
    return _Patching(place, ask, wish, store).run(done)


def _predicted(place: Workplace, store: Store, wish: Wish) -> Outcome:
    # What a real run cannot do without, even where nothing is to be changed.
    if read_settings(store.root, place.php, place.runner).database is None:
        raise CommerceError(
            "prove the behaviour of the store",
            store.root,
            "app/etc/env.php names no database",
            "Check db.connection.default, and commerce_environment.",
            code=NOT_TESTABLE,
        )
    try:
        return _ensure(place, store, wish, True)
    except CommerceError:
        if not store.interrupted:
            raise
        # To half a change nothing fits. What comes after it is known when it is put right.
        return Outcome(False, (), (), ())


def _ensure(place: Workplace, store: Store, wish: Wish, check: bool) -> Outcome:
    accepted = wish.accept_side_effects, wish.accept_needs
    return ensure(store, wish.patches, wish.state, place.runner, check, place.php, *accepted)


class _Patching:
    """One wish in one store."""

    def __init__(self, place: Workplace, ask: RootService, wish: Wish, store: Store):
        self._place = place
        self._ask = ask
        self._wish = wish
        self._root = store.root
        self._settings: Settings = read_settings(store.root, place.php, place.runner)
        self._proof = Proof(store.root, self._settings, wish.probe)

    def _tools(self, reloading: Reloading, caches: Sequence[str]) -> Tools:
        root, php, runner = self._root, self._place.php, self._place.runner
        tools = Tools(
            change=lambda: self._ensure(False).actions,
            compile=self._compile,
            reload=reloading.reload,
            clean=lambda: clean_configuration(root, php, runner, caches),
            prove=self._proof.behaviour,
            units=reloading.units,
        )
        # What only the behaviour of logins proves needs no other proof.
        if set(self._wish.patches) <= set(ADVISORIES):
            return tools
        return replace(tools, health=self._proof.health, worse=self._proof.worse)

    def _compile(self):
        model = set_aside_generated(self._root)
        return compile_beside(self._place, self._root, model, self._settings.mode, self._wish.compile_limits)

    def run(self, done: Sequence[str]) -> Dict[str, Any]:
        # Read again: an interrupted run that was put right has changed what is compiled.
        store = read_store(self._root)
        predicted = self._ensure(True)
        paths = touched_files(store, self._wish.patches, self._wish.state, self._place.runner)
        present = self._wish.state == PRESENT
        name = "{0} {1}".format("apply" if present else "revert", ", ".join(self._wish.patches))
        wish = self._wish
        has_effect = has_advisory(wish.patches, predicted.files, store.layout)

        def wanted(behaviour: Behaviour, before: Optional[Behaviour]) -> bool:
            return is_as_wanted(has_effect, present, behaviour, before)

        with Reloading(self._place, self._ask, wish.reload, wish.reload_command) as reloading:
            # Refuse beforehand what would only fail when the code has changed.
            reloading.require()
            tools = self._tools(reloading, needs_of(paths).caches)
            change = LiveChange(self._root, store.compiled, paths, name, tools, wanted, wish.holder)
            files = files_before(self._root, paths)
            try:
                outcome = change.run(needed=predicted.changed)
            except CommerceError as error:
                self._note(_OUTCOMES.get(error.code), [str(error)], files)
                raise self._proof.with_reason(error) from error
        actions = [*done, *outcome.actions, *due_words(predicted.needs)]
        actions += self._note(CHANGED if actions else None, actions, files)
        return dict(
            predicted.as_result(),
            changed=bool(actions),
            actions=actions,
            before=dict(outcome.before),
            after=dict(outcome.after),
            seconds=dict(outcome.seconds),
        )

    def _note(self, outcome, actions, files):
        """Add what became of the change to the store's log, where there was one."""
        if outcome is None:
            return []
        after = files_after(self._root, files)
        return note(
            self._root, Change(self._wish.state, self._wish.patches, outcome, actions, after), self._wish.holder
        )

    def _ensure(self, check):
        return _ensure(self._place, read_store(self._root), self._wish, check)
