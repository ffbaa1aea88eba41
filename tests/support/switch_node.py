# Copyright (c) 2026, the storefleet.commerce authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A node whose behaviour follows from its files as php-fpm saw them last, and its configuration as it was read last."""

from __future__ import annotations

import os
import shutil
from contextlib import contextmanager
from pathlib import Path
from types import SimpleNamespace

import pytest
from support.live_root import EVENTS, MODEL, NEW
from support.switch_root import METADATA, contents, files_of_patch, make_store

from ansible_collections.storefleet.commerce.plugins.module_utils import (
    recovery,
    switch_release,
    switch_site,
    switch_whole,
)
from ansible_collections.storefleet.commerce.plugins.module_utils.errors import CommerceError
from ansible_collections.storefleet.commerce.plugins.module_utils.fingerprint import fingerprint_of
from ansible_collections.storefleet.commerce.plugins.module_utils.lease import Holder
from ansible_collections.storefleet.commerce.plugins.module_utils.own_folder import make_own_folder
from ansible_collections.storefleet.commerce.plugins.module_utils.probe_options import ProbeOptions
from ansible_collections.storefleet.commerce.plugins.module_utils.quality_patches import Outcome
from ansible_collections.storefleet.commerce.plugins.module_utils.stage_place import PLACE
from ansible_collections.storefleet.commerce.plugins.module_utils.stage_record import StageRecord, write_record
from ansible_collections.storefleet.commerce.plugins.module_utils.store import OWN_FOLDER
from ansible_collections.storefleet.commerce.plugins.module_utils.switch_site import Wish

DEFECTIVE, FIXED, BROKEN = {"rest": "defective"}, {"rest": "fixed"}, {"rest": "broken"}


class Node:
    """A live root with a finished build, and all that a switch uses besides files in place of a real store.

    fail: names of steps (reload, clean, prove, restart) that raise. say: a behaviour that the probe tells once the new
    configuration is read. did: the steps. health: sentences on what is worse.
    """

    def __init__(self, folder: Path, state: str = "present"):
        self.root, self._made = make_store(folder)
        self.tree = self.root / OWN_FOLDER / "stage"
        self.fail: list[str] = []
        self.say: dict[str, str] | None = None
        self.did: list[str] = []
        self.health: list[str] = []
        self.act = {}
        self.see()
        self.read()
        self.build(state)

    def build(self, state: str = "present") -> None:
        """What release_stage leaves."""
        make_own_folder(str(self.root))
        (self.root / PLACE).write_text(str(self.tree))
        shutil.copytree(self._made, self.tree)
        files = tuple(files_of_patch(self.root, self.tree))
        fingerprint = fingerprint_of(str(self.root), str(self.root), [file.path for file in files])
        record = StageRecord(str(self.tree), state, ("ACSD-61103",), files, True, fingerprint, {}, ())
        write_record(str(self.root), record)

    def see(self) -> None:
        """php-fpm loads the code that is there, and requests in flight go on with that of before."""
        files = contents(self.root)
        self._in_flight = getattr(self, "_code", None)
        self._code = {path: "new" in files.get(path, "") for path in (MODEL, METADATA)}

    def read(self) -> None:
        """The configuration is read anew."""
        self._event = "event" in contents(self.root)[EVENTS]

    def step(self, name: str) -> None:
        self.did.append(name)
        self.act.get(name, lambda: None)()
        if name in self.fail:
            raise CommerceError(name, str(self.root), "no", "Try again.")

    def behaviour(self) -> dict[str, str]:
        self.step("prove")
        if self.say and self._event:
            return self.say
        return self.now()

    def now(self) -> dict[str, str]:
        """What a request gets, and one that is in flight yet."""
        needed = self._code[MODEL] or (self._in_flight and self._in_flight[MODEL])
        if needed and not (self.root / NEW).exists():
            return BROKEN
        if len(set(self._code.values())) > 1 or (self._event and not self._code[MODEL]):
            return BROKEN
        return FIXED if self._event else DEFECTIVE

    def reload(self) -> str:
        self.see()
        self.step("reload")
        return "reloaded"

    def clean(self, *dummy) -> str:
        self.read()
        self.step("clean")
        return "cleaned"

    def patch(self, monkeypatch: pytest.MonkeyPatch) -> None:
        """Put the node in place of what a switch uses."""
        node = self

        class Reloading:
            units = ("php-fpm",)

            def __init__(self, *dummy) -> None:
                self.plan = SimpleNamespace(words="reload")

            def __enter__(self):
                return self

            def __exit__(self, *dummy) -> None:
                pass

            def require(self) -> None:
                node.step("require")

            def reload(self) -> str:
                return node.reload()

            def hold(self, paths) -> None:
                assert MODEL in paths
                node.step("hold")
                node._in_flight = None

            def wait_for_requests_of_before(self) -> bool:
                node.step("wait")
                node._in_flight = None
                return True

            def stale(self, paths) -> tuple[str, ...]:
                return ("Old.php",) if "stale" in node.fail and MODEL in paths else ()

        class Proof:
            def __init__(self, *dummy) -> None:
                pass

            def behaviour(self):
                return node.behaviour()

            def health(self):
                return {"well": True}

            def worse(self, before):
                assert before == {"well": True}
                return node.health

            def with_reason(self, error):
                return error

        @contextmanager
        def lock(settings, required=True):
            if "lock" in node.fail and required:
                raise CommerceError("lock", "the database", "held", "Wait.", "leased")
            yield

        for module in (switch_release, recovery):
            monkeypatch.setattr(module, "Reloading", Reloading)
            monkeypatch.setattr(module, "switch_lock", lock)
            monkeypatch.setattr(module, "read_settings", lambda *dummy: SimpleNamespace(database="there"))
        monkeypatch.setattr(switch_site, "cache_places", lambda *dummy: [SimpleNamespace(as_dict=dict)])
        for module in (switch_site, recovery):
            monkeypatch.setattr(module, "clean_configuration", self.clean)
        root = str(self.root)
        store = SimpleNamespace(root=root, given_root=root, interrupted=False, layout="composer")
        monkeypatch.setattr(switch_release, "read_store", lambda root: store)
        monkeypatch.setattr(switch_whole, "read_store", lambda root: store)
        monkeypatch.setattr(switch_whole, "ensure", lambda *dummy: self.step("ensure") or Outcome(False, (), (), ()))
        monkeypatch.setattr(switch_release, "Proof", Proof)
        monkeypatch.setattr(switch_site.consumers, "restart_consumers", lambda *dummy: self.step("restart") or "told")

    def run(self, step: str = "whole", run: str | None = None, host: str = "a", check: bool = False, **wished) -> dict:
        """One call of the module's core."""
        place = SimpleNamespace(root=str(self.root), php=("php",), runner=None, check=check)
        holder = Holder(run, "control", os.getpid(), 1, host=host) if run else None
        patches = wished.pop("patches", ("ACSD-61103",))
        wish = Wish(step, patches, "present", ProbeOptions(), "auto", holder=holder, **wished)
        return switch_release.switch_release(place, None, wish)
