# Copyright (c) 2026, the storefleet.commerce authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Vendor patches brought into effect in a live store, or taken out of it: the change, its tools, and the proof."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Dict, Optional, Sequence, Tuple

from . import probe
from .arguments import Workplace
from .caches import clean_configuration
from .compilation import compile_di
from .errors import CommerceError
from .identity import RootService
from .live import PUT_RIGHT, LiveChange, Tools, finish_interrupted, is_fixed, still_serves
from .probe_options import ProbeOptions
from .probe_result import ProbeResult
from .quality_patches import PRESENT, Outcome, ensure, touched_files
from .serving import StatusScript
from .settings import Settings, read_settings
from .store import Store, read_store
from .verdict import NOT_TESTABLE


@dataclass(frozen=True)
class Wish:
    """What an operator wants: the patches present or absent, how to prove it, how to reload, seconds for a compile."""

    patches: Tuple[str, ...]
    state: str
    probe: ProbeOptions
    reload: str
    compile_timeout: int


def bring_about(place: Workplace, ask: RootService, wish: Wish) -> Dict[str, Any]:
    """Bring the patches into effect (or out of it) and return what the module returns. In check mode only predict.

    Raises CommerceError: everything is as it was but where its code is rollback_failed.
    """
    store = read_store(place.root)
    if place.check:
        predicted = _predicted(place, store, wish)
        put_right = [PUT_RIGHT] if store.interrupted else []
        return dict(
            predicted.as_result(),
            changed=predicted.changed or store.interrupted,
            actions=["would have {0}".format(done) for done in put_right] + list(predicted.actions),
            before={},
            after={},
        )
    patching = _Patching(place, ask, wish, store)
    put_right = finish_interrupted(store.root, patching.tools())
    return patching.run(put_right)


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
        return ensure(store, wish.patches, wish.state, place.runner, True, place.php)
    except CommerceError:
        if not store.interrupted:
            raise
        # To half a change nothing fits. What comes after it is known when it is put right.
        return Outcome(False, (), (), ())


class _Patching:
    """One wish in one store."""

    def __init__(self, place: Workplace, ask: RootService, wish: Wish, store: Store):
        self._place = place
        self._ask = ask
        self._wish = wish
        self._root = store.root
        self._proven: Optional[ProbeResult] = None
        self._settings: Settings = read_settings(store.root, place.php, place.runner)

    def tools(self) -> Tools:
        root, php, runner = self._root, self._place.php, self._place.runner
        return Tools(
            change=lambda: self._ensure(False).actions,
            compile=lambda: compile_di(root, php, runner, self._wish.compile_timeout),
            reload=self._reload,
            clean=lambda: clean_configuration(root, php, runner),
            prove=self._prove,
        )

    def run(self, put_right: Sequence[str]) -> Dict[str, Any]:
        # Read again: an interrupted run that was put right has changed what is compiled.
        store = read_store(self._root)
        predicted = self._ensure(True)
        paths = touched_files(store, self._wish.patches, self._wish.state, self._place.runner)
        present = self._wish.state == PRESENT
        name = "{0} {1}".format("apply" if present else "revert", ", ".join(self._wish.patches))
        self._require_reload()
        change = LiveChange(
            self._root, store.compiled, paths, name, self.tools(), is_fixed if present else still_serves
        )
        try:
            outcome = change.run(needed=predicted.changed)
        except CommerceError as error:
            raise self._with_reasons(error) from error
        actions = [*put_right, *outcome.actions]
        return dict(
            predicted.as_result(),
            changed=bool(actions),
            actions=actions,
            before=dict(outcome.before),
            after=dict(outcome.after),
        )

    def _ensure(self, check):
        return ensure(
            read_store(self._root), self._wish.patches, self._wish.state, self._place.runner, check, self._place.php
        )

    def _prove(self):
        # The flag of a maintenance that has begun or ended since is among what is read.
        result = self._proven = probe.run(read_store(self._root), self._settings, self._wish.probe)
        return {api: result.apis[api].behaviour for api in self._wish.probe.apis}

    def _with_reasons(self, error):
        """The error; where nothing could be proven, with why."""
        apis = self._proven.apis.values() if self._proven else ()
        reasons = [api.detail or api.reason for api in apis if api.behaviour == NOT_TESTABLE and api.reason]
        if error.code != NOT_TESTABLE or not reasons:
            return error
        return CommerceError(error.tried, error.on, error.came_back + ": " + reasons[0], error.next_step, error.code)

    def _reload(self):
        if self._wish.reload == "none":
            return "left php-fpm alone"
        answer = self._request("reload")
        if answer["method"] == "fpm":
            return "reloaded php-fpm"
        if not answer["pools"]:
            return "found no php-fpm pool that holds files of the store"
        return "emptied the opcache of the php-fpm pool {0}".format(", ".join(answer["pools"]))

    def _require_reload(self):
        """Refuse beforehand what would only fail when the code has changed."""
        if self._wish.reload == "none":
            return
        answer = self._request("look")
        if not answer["possible"]:
            raise CommerceError(
                "find a way to make php-fpm see new code ({0})".format(answer["method"]),
                self._root,
                "; ".join("pool {0}: {1}".format(*item) for item in sorted(answer["unasked"].items()))
                or "it takes root to reload php-fpm",
                "Connect as root, or let {0} connect to the pool's socket. Nothing has been changed.".format(
                    self._place.identity.name
                ),
                code="no_reload",
            )

    def _request(self, act):
        with StatusScript(self._root) as script:
            return self._ask({"act": act, "root": self._root, "script": script, "method": self._wish.reload})
