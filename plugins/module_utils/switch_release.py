# Copyright (c) 2026, the storefleet.commerce authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A staged build switched into a live store and proven, or taken back: in one call, or step by step for many nodes."""

from __future__ import annotations

from contextlib import ExitStack
from typing import Any, Callable, Dict, List, Mapping, Optional

from . import kept_files, switch_source, switch_steps
from .arguments import Workplace
from .errors import CommerceError
from .identity import RootService
from .lease import Lease
from .proof import Proof
from .recovery import PUT_RIGHT, put_right
from .reloading import Reloading
from .settings import read_settings
from .stage_place import remove_stage
from .store import Store, read_store
from .switch_files import SwitchFiles
from .switch_journal import PROVEN
from .switch_lock import switch_lock
from .switch_order import CODE, CONFIGURATION
from .switch_site import Site, Wish, result
from .switch_source import Source
from .switch_whole import revert, whole
from .uninterrupted import uninterrupted
from .verdict import NOT_TESTABLE

WHOLE, REVERT, PROVE, EXPIRE = "whole", "revert", "prove", "expire"
_STEPS: Mapping[str, Callable[[Site], Dict[str, Any]]] = {
    "code": lambda site: switch_steps.step(site, CODE),
    "configuration": lambda site: switch_steps.step(site, CONFIGURATION),
    PROVE: switch_steps.prove,
    "keep": switch_steps.keep,
}
_BACK: Mapping[str, Callable[[Site], Dict[str, Any]]] = {
    "back_configuration": lambda site: switch_steps.back(site, CONFIGURATION),
    "back_code": lambda site: switch_steps.back(site, CODE),
    "back": switch_steps.back,
}
_ONE_CALL: Mapping[str, Callable[[Site], Dict[str, Any]]] = {WHOLE: whole, REVERT: revert}
CHOICES = (*_ONE_CALL, *_STEPS, *_BACK, EXPIRE)


def switch_release(place: Workplace, ask: RootService, wish: Wish) -> Dict[str, Any]:
    """Do one call and return what the module returns. In check mode only predict.

    Raises CommerceError: the store is as it was but where code is rollback_failed or step_failed, or not_effective of
    the step prove alone.
    """
    store = read_store(place.root)
    if wish.step == EXPIRE:
        return _expired(store, wish, place.check)
    if place.check:
        return _predicted(store, wish)
    actions: List[str] = []
    if wish.step not in _BACK and not _goes_on(SwitchFiles.left_over(store.root), wish):
        actions += put_right(place, ask, wish.reload, wish.reload_command, wish.holder)
    with Lease(store.root, wish.holder) as lease:
        actions += [lease.words] if lease.words else []
        try:
            return _done(place, ask, wish, store, actions)
        except CommerceError:
            if wish.step in _ONE_CALL and SwitchFiles.left_over(store.root) is None:
                # Nothing has been begun, and nobody comes to take it back.
                remove_stage(store.root)
            raise


def _done(place, ask, wish, store, actions):
    settings = read_settings(store.root, place.php, place.runner)
    if settings.database is None and wish.step not in _BACK:
        raise _no_database(store)
    proof = Proof(store.root, settings, wish.probe)
    with ExitStack() as stack:
        signals = stack.enter_context(uninterrupted("switch the release", store.root))
        if wish.step != PROVE:
            # Nodes are proven, and watched, at the same time.
            stack.enter_context(switch_lock(settings.database, required=wish.step not in _BACK))
        reloading = stack.enter_context(Reloading(place, ask, wish.reload, wish.reload_command))
        site = Site(place, ask, wish, store, settings, proof, reloading, signals, actions)
        try:
            return {**_ONE_CALL, **_STEPS, **_BACK}[wish.step](site)
        except CommerceError as error:
            raise proof.with_reason(error) from error


def _expired(store: Store, wish: Wish, check: bool) -> Dict[str, Any]:
    words = "removed the files of before, as their time is over"
    if check:
        over = kept_files.is_over(store.root)
        return result(over, ["would have {0}".format(words)] if over else [])
    with Lease(store.root, wish.holder):
        over = kept_files.expire(store.root)
    return result(over, [words] if over else [])


def _goes_on(files: Optional[SwitchFiles], wish: Wish) -> bool:
    """Whether what is under way was begun by this very run, on several nodes, and is to go on."""
    if files is None or wish.step in _ONE_CALL or files.journal["phase"] == PROVEN or not files.journal.begun:
        return False
    return files.journal["run"] == (wish.holder.run if wish.holder else None)


def _predicted(store: Store, wish: Wish) -> Dict[str, Any]:
    under_way = SwitchFiles.left_over(store.root)
    source: Optional[Source] = None
    if wish.step == REVERT:
        source = switch_source.kept(store.root, wish.patches)
        switch_source.require_unchanged(source, store.root, store.given_root)
    elif wish.step in (WHOLE, CODE, CONFIGURATION):
        source = switch_source.staged(store.root)
    actions = ["would have switched {0} files".format(len(source.files))] if source else []
    if store.interrupted and wish.step in _ONE_CALL:
        actions.insert(0, "would have {0}".format(PUT_RIGHT))
    if under_way and wish.step in _BACK:
        actions.append("would have put the files of before back")
    files = source.files if source else under_way.files if under_way else ()
    return result(bool(actions), actions, [file.path for file in files])


def _no_database(store: Store) -> CommerceError:
    return CommerceError(
        "prove the behaviour of the store",
        store.root,
        "app/etc/env.php names no database",
        "Check db.connection.default, and commerce_environment.",
        code=NOT_TESTABLE,
    )
