# Copyright (c) 2026, the storefleet.commerce authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What every step of a switch has at hand on its node: how to prove, how to make the store follow, how to go back."""

from __future__ import annotations

import secrets
import time
from dataclasses import dataclass
from datetime import datetime, timezone
from functools import partial
from typing import Any, Callable, Dict, List, Mapping, Optional, Sequence, Tuple

from . import consumers, kept_files, root_services, switch_source, taken_back, trail
from .arguments import Workplace
from .behaviour import Behaviour, has_advisory, in_words, is_as_wanted, serves_as_before
from .cache_places import cache_places
from .caches import clean_configuration
from .errors import CommerceError
from .fingerprint import fingerprint_of
from .identity import RootService
from .interruptions import Held
from .lease import Holder
from .patch_needs import due_words, needs_of
from .probe_options import ProbeOptions
from .proof import Proof
from .quality_patches import PRESENT, touched_files
from .reloading import Reloading
from .settings import Settings
from .stage_place import remove_stage
from .stage_record import StagedFile
from .stale_caches import caches_of, caches_of_code
from .stopwatch import Stopwatch
from .store import Store, read_store
from .switch import Follow, Switch
from .switch_files import SwitchFiles
from .switch_source import Source
from .verdict import NOT_TESTABLE

# Seconds between two looks at a store that is watched.
SOAK_INTERVAL = 10.0


@dataclass(frozen=True)
class Wish:
    """What an operator wants of one call.

    step: one of switch_release.CHOICES. patches, state: what revert takes out, and what the behaviour has to show where
    nothing is staged. reload, reload_command: see reloading.Reloading. keep_way_back, soak_seconds: how long the files
    of before are kept, and the store is watched, once it is proven. restart_services: there are units to restart;
    consumers: those of the queue are told to. clean: this node cleans the caches. holder: the run that calls.
    """

    step: str
    patches: Tuple[str, ...]
    state: str
    probe: ProbeOptions
    reload: str
    reload_command: Tuple[str, ...] = ()
    keep_way_back: int = 0
    soak_seconds: int = 0
    restart_services: bool = False
    consumers: bool = True
    clean: bool = True
    holder: Optional[Holder] = None


class Site:
    """One node in one call. actions: what was done, in words. stopwatch: seconds by what took them."""

    def __init__(
        self,
        place: Workplace,
        ask: RootService,
        wish: Wish,
        store: Store,
        settings: Settings,
        proof: Proof,
        reloading: Reloading,
        signals: Held,
        actions: List[str],
    ):
        self.place = place
        self.wish = wish
        self._store = store
        self.root = store.root
        self.given_root = store.given_root
        self.name = "switch the release ({0})".format(wish.step)
        self.reloading = reloading
        self.signals = signals
        self.actions = actions
        self.stopwatch = Stopwatch()
        self._ask = ask
        self._proof = proof
        self._settings = settings

    @property
    def run(self) -> Optional[str]:
        """The id of the run that calls, None without one."""
        return self.wish.holder.run if self.wish.holder else None

    @property
    def host(self) -> str:
        """The inventory's name of this node, as far as the run tells it."""
        return self.wish.holder.host if self.wish.holder else ""

    def begin(self, source: Source) -> Tuple[Switch, Behaviour]:
        """Prove what is, and lay everything ready; nothing of the store is changed. The behaviour of before with it.

        CommerceError: no_reload, no_service, not_testable, live_changed, way_back_stale, deploy_running, and those of
        SwitchFiles.prepare. Then nothing of the build is left either.
        """
        try:
            return self._begun(source)
        except CommerceError:
            remove_stage(self.root)
            raise

    def _begun(self, source):
        self.reloading.require()
        if self.wish.restart_services:
            root_services.require_restart(self._ask)
        before = self.behaviour()
        if NOT_TESTABLE in before.values():
            raise taken_back.not_testable(self.name, self.root, before)
        health = self._proof.health()
        # The last before anything is done: a deploy may begin at any time.
        switch_source.require_unchanged(source, self.root, self.given_root)
        entries = {
            "id": secrets.token_hex(8),
            "run": self.run,
            "hosts": {},
            "direction": source.direction,
            "state": source.state,
            "patches": list(source.patches),
            "behaviour": before,
            "health": health,
            "former": source.folders,
        }
        with self.stopwatch.of("prepare"):
            files, unkept = SwitchFiles.prepare(self.root, source.files, source.place, entries, source.exact)
        self.actions += ["could not keep of {0}".format(words) for words in unkept]
        return self.switch(files), before

    def switch(self, files: SwitchFiles) -> Switch:
        """The steps of prepared files on this node."""
        reloading, of_code = self.reloading, caches_of_code(files.files)
        follow = Follow(
            reloading.hold,
            self.reload_for(files.files),
            partial(self.clean, files) if self.wish.clean else None,
            reloading.wait_for_requests_of_before,
            # Whichever node is the last to have the code, the caches hold what that made.
            partial(self._clean, of_code) if of_code else None,
        )
        return Switch(files, follow, self.stopwatch)

    def reload_for(self, files: Sequence[StagedFile] = ()) -> Callable[[], str]:
        """How php-fpm is made to see new code, and seen to have dropped the old code of these files."""

        def reload() -> str:
            words = self.reloading.reload()
            stale = self.reloading.stale([file.path for file in files])
            if stale:
                raise CommerceError(
                    "make php-fpm see new code",
                    self.root,
                    "a pool still holds the old code of {0}".format(", ".join(stale[:3])),
                    "Set commerce_reload to fpm.",
                    code="reload_failed",
                )
            return words

        return reload

    def clean(self, files: Optional[SwitchFiles] = None) -> str:
        """Clean the caches that hold configuration, and what else they hold of these files, or of the patches'."""
        return self._clean(caches_of(files.files) if files else needs_of(self._paths_of_patches()).caches)

    def _clean(self, caches: Sequence[str]) -> str:
        return clean_configuration(self.root, self.place.php, self.place.runner, caches)

    def _paths_of_patches(self) -> Sequence[str]:
        try:
            return touched_files(read_store(self.root), self.wish.patches, self.wish.state, self.place.runner)
        except CommerceError:
            # Of what the tool does not have, no file was changed.
            return ()

    def behaviour(self) -> Behaviour:
        """What each API does now."""
        with self.stopwatch.of("prove"):
            return self._proof.behaviour()

    def is_wanted(
        self, state: str, behaviour: Behaviour, before: Optional[Behaviour] = None, changed: Sequence[str] = ()
    ) -> bool:
        """Whether the store behaves as it has to with the patches in that state.

        before: as it did at first. changed: the files that the switch is about.
        """
        if not self.wish.patches:
            # What brings none is to change no answer, be it a good one or not.
            return before is None or serves_as_before(before, behaviour)
        has_effect = has_advisory(self.wish.patches, changed, self._store.layout)
        return is_as_wanted(has_effect, state == PRESENT, behaviour, before)

    def proven(self, journal: Mapping[str, Any]) -> Behaviour:
        """What the store does now, and still does when it has been watched; CommerceError not_effective else."""
        deadline = time.monotonic() + self.wish.soak_seconds
        after = self._well(journal)
        while time.monotonic() < deadline:
            with self.stopwatch.of("soak"):
                time.sleep(min(SOAK_INTERVAL, max(0.0, deadline - time.monotonic())))
            self._require_healthy(journal)
            if time.monotonic() >= deadline:
                after = self._well(journal)
        return after

    def _well(self, journal):
        after = self.behaviour()
        changed = [path for path, *dummy in journal["files"]]
        if not self.is_wanted(journal["state"], after, journal["behaviour"], changed):
            words = "the store then behaved so: {0}".format(in_words(after))
            raise taken_back.not_effective(self.name, self.root, words)
        self._require_healthy(journal)
        return after

    def _require_healthy(self, journal):
        worse = self._proof.worse(journal["health"])
        if worse:
            raise taken_back.not_effective(self.name, self.root, " ".join(worse))

    def restart(self) -> None:
        """Let what runs all the time begin anew, with the code that is there now."""
        if self.wish.consumers:
            self.actions.append(consumers.restart_consumers(self.root, self.place.php, self.place.runner))
        if self.wish.restart_services:
            self.actions += root_services.restart(self._ask)

    def note_proven(self, files: SwitchFiles, seconds: int) -> Optional[float]:
        """From here on the switch is not undone any more; until when its files of before are kept (Unix time)."""
        with self.stopwatch.of("requests_of_before"):
            self.reloading.wait_for_requests_of_before()
        files.give_times()
        paths = [file.path for file in files.files]
        return kept_files.note_proven(files, seconds, fingerprint_of(self.given_root, self.root, paths))

    def settle(self, files: SwitchFiles) -> None:
        """Keep what is to be kept of a proven switch, and remove the rest."""
        # The journal goes last: by it the next run does what a kill leaves to do.
        remove_stage(self.root)
        kept_files.settle(self.root, files)
        self.actions += due_words(needs_of(file.path for file in files.files))
        self.note(trail.CHANGED, files)

    def taken_back(self, switch: Switch, error: BaseException) -> CommerceError:
        """Undo a switch that failed by this error; the error that says how that went."""
        cause, files = taken_back.cause_of(error), switch.files
        try:
            switch.undo()
            after = self.forget(files)
        except (CommerceError, OSError) as second:
            self.note(trail.NEEDS_HANDS, files)
            return taken_back.rollback_failed(self.name, self.root, cause, second, files.by_hand(self.reloading.units))
        return taken_back.rolled_back(self.name, self.root, cause, after)

    def forget(self, files: SwitchFiles) -> Behaviour:
        """Prove that the store serves as before a switch that is undone, and remove all that is left of it."""
        after = self.behaviour()
        taken_back.require_as_before(self.root, files.journal["behaviour"], after)
        files.drop()
        remove_stage(self.root)
        self.note(trail.TAKEN_BACK, files)
        return after

    def note(self, outcome: str, files: Optional[SwitchFiles] = None) -> None:
        """Add what became of the switch to the store's log; without files, of what was done without any."""
        state = files.journal["state"] if files else self.wish.state
        patches = files.journal["patches"] if files else self.wish.patches
        change = trail.Change(state, patches, outcome, self.actions, files.files if files else ())
        self.actions += trail.note(self.root, change, self.wish.holder)

    def result(
        self,
        changed: bool,
        files: Optional[SwitchFiles] = None,
        before: Optional[Behaviour] = None,
        after: Optional[Behaviour] = None,
        until: Optional[float] = None,
    ) -> Dict[str, Any]:
        """What the module returns."""
        paths = [file.path for file in files.files] if files else []
        found = result(changed, self.actions, paths, before, after, self.stopwatch.seconds, until)
        needs = needs_of(paths)
        places = cache_places(self._settings, self.root, needs.caches)
        return dict(found, caches=[place.as_dict() for place in places], due=list(needs.due))


def result(
    changed: bool,
    actions: Sequence[str],
    files: Sequence[str] = (),
    before: Optional[Behaviour] = None,
    after: Optional[Behaviour] = None,
    seconds: Optional[Mapping[str, float]] = None,
    until: Optional[float] = None,
) -> Dict[str, Any]:
    """What the module returns: files relative to the root, behaviour by API, seconds by step, until as Unix time."""
    return {
        "changed": changed,
        "actions": list(actions),
        "files": sorted(files),
        "before": dict(before or {}),
        "after": dict(after or {}),
        "seconds": dict(seconds or {}),
        "caches": [],
        "due": [],
        "kept_until": datetime.fromtimestamp(int(until), timezone.utc).isoformat() if until else None,
    }
