# Copyright (c) 2026, the storefleet.commerce authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A release with patches, built in a copy beside the live one, which is proven to be as it was."""

from __future__ import annotations

import os
from typing import Any, Dict, List, NamedTuple, Optional, Sequence, Tuple

from . import untouched
from .advisory import ADVISORIES
from .arguments import Workplace
from .autoloader import autoloader_of, dump, is_dumped
from .command import Runner
from .compilation import generated_from
from .composer_packages import MANIFEST
from .discarded_files import keep_discarded
from .errors import CommerceError
from .file_rights import may_read
from .fingerprint import blob_of, fingerprint_of, foreign_lock
from .generated_changes import (
    GeneratedChange,
    carry_over,
    compare_generated,
    give_generated_rights,
    require_accepted,
)
from .identity import RootService, identity_of
from .isolated_compile import CompileLimits, compile_tree, remove_log
from .isolated_environment import isolate
from .lease import Holder, Lease
from .package_repair import PackageRepair, PutBack, plan_repair, put_back
from .patch_needs import CHOICES, needs_of
from .patched_names import patched_names
from .quality_patches import PRESENT, Outcome, ensure, touched_files
from .recovery import PUT_RIGHT, put_right
from .release_copy import copy_release
from .repair_outcome import expected_repair, repair_as_result, repair_words, repaired_outcome
from .served import serving_of
from .settings import read_settings
from .stage_files import StagedFiles, staged_files
from .stage_place import document_roots, make_stage_place, remove_stage
from .stage_record import StageRecord, write_record
from .stage_room import COMPOSER, NONE, Room, require_memory, require_room, room_of_copy, room_of_folder
from .stopwatch import Stopwatch
from .store import Store, read_store
from .switch_plan import plan_switch
from .tool_forecast import expected_outcome, forecast_tool, state_before
from .tool_install import ToolInstalled, install_tool, own_files, require_working, written_by_composer
from .tool_plan import ToolPlan, ToolWish, plan_tool
from .uninterrupted import uninterrupted

# So many paths are named in a sentence.
_NAMED = 10


class Wish(NamedTuple):
    """What an operator wants to be built: the patches present or absent, where, and how.

    stage_dir: a folder for the copy, None for ours. accept_generated: see GeneratedChange.is_accepted. reload and
    reload_command: how php-fpm is made to see old files again where an interrupted run has to be undone first. holder:
    the run that has the lease. tool: what is to be had of the Quality Patches Tool first, None where it stays as it is.
    accept_side_effects, accept_needs: see quality_patches.ensure. repair: Composer's settings where packages that a
    patch is partly in are to be put back first, None where such a store is refused.
    """

    patches: Tuple[str, ...]
    state: str
    stage_dir: Optional[str]
    limits: CompileLimits
    accept_generated: Tuple[str, ...]
    reload: str
    reload_command: Tuple[str, ...]
    holder: Optional[Holder]
    tool: Optional[ToolWish] = None
    accept_side_effects: Tuple[str, ...] = ()
    accept_needs: Tuple[str, ...] = ()
    repair: Optional[ToolWish] = None


def build(place: Workplace, ask: RootService, wish: Wish) -> Dict[str, Any]:
    """Build the release with (or without) the patches and return what the module returns. In check mode only predict.

    staged: a stage lies ready for the switch. changed: that, or what was left of another run is gone. Raises
    CommerceError: then live and everything else is as before, but for the log of a compile that failed.
    """
    if place.check:
        return _predicted(place, ask, wish)
    actions = list(put_right(place, ask, wish.reload, wish.reload_command, wish.holder))
    tidied = bool(actions)
    store = read_store(place.root)
    name = "build {0}".format(store.root)
    with Lease(store.root, wish.holder) as lease, uninterrupted(name, store.root) as signals:
        actions += [lease.words] if lease.words else []
        try:
            with signals.let_through():
                return _Build(place, ask, wish, store, actions).run(tidied)
        except BaseException:
            remove_stage(store.root)
            raise


def _predicted(place: Workplace, ask: RootService, wish: Wish) -> Dict[str, Any]:
    store = read_store(place.root)
    actions = ["would have {0}".format(PUT_RIGHT)] if store.interrupted else []
    tool = plan_tool(store, wish.patches, wish.tool) if wish.tool else None
    if tool:
        return _predicted_with_tool(place, ask, wish, store, tool, actions)
    try:
        # To half a change nothing fits. What comes after it is known when it is put right.
        repair, outcome = _rehearsed(
            store, wish._replace(repair=None) if store.interrupted else wish, place, place.runner
        )
    except CommerceError:
        if not store.interrupted:
            raise
        repair, outcome = None, Outcome(False, (), (), ())
    plan = plan_switch(place, ask, wish.reload, wish.reload_command) if outcome.changed else None
    actions += outcome.actions
    repaired = repair_as_result(repair) if repair else None
    return _result(outcome, outcome.changed, store.interrupted, actions, plan=plan, repaired=repaired)


def _predicted_with_tool(
    place: Workplace, ask: RootService, wish: Wish, store: Store, tool: ToolPlan, actions: List[str]
) -> Dict[str, Any]:
    found = forecast_tool(store, tool, wish.tool or ToolWish(), wish.patches, place.php, place.identity.home)
    outcome = expected_outcome(wish.patches, state_before(tool))
    plan = plan_switch(place, ask, wish.reload, wish.reload_command)
    actions += [*found.actions, *outcome.actions]
    answer = _result(outcome, True, store.interrupted, actions, plan=plan, tool=found.result)
    return dict(answer, diff=found.diff + answer["diff"])


def _rehearsed(store: Store, wish: Wish, place: Workplace, runner: Runner) -> Tuple[Optional[PackageRepair], Outcome]:
    """What the patches would do, and what has to be put back before they fit, None where they do as it is.

    Raises what `_ensure` does, where putting packages back does not help or is not wanted.
    """
    try:
        return None, _ensure(store, wish, place, runner, True)
    except CommerceError as error:
        if error.code != "patch_conflict" or wish.repair is None:
            raise
    repair = plan_repair(store, wish.patches, runner)
    return repair, expected_repair(repair, wish.patches, wish.state)


def _ensure(store: Store, wish: Wish, place: Workplace, runner: Runner, check: bool) -> Outcome:
    accepted = wish.accept_side_effects, wish.accept_needs
    return ensure(store, wish.patches, wish.state, runner, check, place.php, *accepted)


def _result(outcome: Outcome, staged: bool, tidied: bool, actions: Sequence[str], **more: Any) -> Dict[str, Any]:
    """What the module returns. tidied: what another run had left was put right, or is gone."""
    nothing = {"generated": False, "generated_changes": [], "seconds": {}, "stage": None, "plan": None}
    nothing.update(tool=None, repaired=None)
    answer = dict(outcome.as_result(), **dict(nothing, **more))
    return dict(answer, changed=staged or tidied, staged=staged, actions=list(actions))


class _Build:
    """One build, by the store's owner, who has the lease."""

    def __init__(self, place: Workplace, ask: RootService, wish: Wish, store: Store, actions: List[str]):
        self._place = place
        self._ask = ask
        self._wish = wish
        self._store = store
        self._root = store.root
        self._actions = actions
        self._watch = Stopwatch()
        self._tree = ""
        self._tool: Optional[ToolInstalled] = None
        self._back = PutBack((), ())

    def run(self, tidied: bool) -> Dict[str, Any]:
        """Build, and return what the module returns; tidied: what an interrupted run had left was put right before."""
        if remove_stage(self._root):
            tidied = True
            self._actions.append("removed a stage that was left")
        remove_log(self._root)
        self._refuse()
        tool = plan_tool(self._store, self._wish.patches, self._wish.tool) if self._wish.tool else None
        if self._wish.tool and not tool and not self._wish.patches:
            return _result(Outcome(False, (), (), ()), False, tidied, self._actions)
        mode = read_settings(self._root, self._place.php, self._place.runner).mode
        # Refuses what cannot be had before anything is copied.
        repair = None if tool else _rehearsed(self._store, self._wish, self._place, self._place.runner)[0]
        paths = watched = self._expected(tool, repair)
        caches = needs_of(paths).caches
        plan = plan_switch(self._place, self._ask, self._wish.reload, self._wish.reload_command, caches)
        fingerprint = fingerprint_of(self._place.root, self._root, watched)
        before = untouched.snapshot(self._root, watched)
        with self._watch.of("copy"):
            self._copy(paths, before, bool(tool or repair))
        runner = isolate(self._root, self._tree, mode, self._place.php)
        if tool:
            with self._watch.of("tool"):
                paths = self._install(tool, runner)
            if self._wish.repair:
                # Only the tool that has just come knows whether the patches fit.
                repair = _rehearsed(read_store(self._tree), self._wish, self._place, runner)[0]
        if repair:
            with self._watch.of("repair"):
                paths = [*paths, *self._put_back(repair, runner)]
        with self._watch.of("patch"):
            outcome = self._patch(runner, repair)
        with self._watch.of("autoload"):
            self._autoload(outcome, runner)
        # What a patch does not change, Commerce wires as before; the tool is no part of it.
        compiles = self._store.compiled and bool(self._wish.patches) and needs_of(paths).compile
        generated, changes = self._compile(paths, runner) if compiles else (False, ())
        with self._watch.of("check"):
            files = self._files(paths)
            self._require_readable(files, generated)
            self._require_untouched(before, watched)
        staged = generated or bool(files.changed)
        repaired = self._keep_discarded(repair) if repair else None
        if staged:
            self._record(files, generated, fingerprint)
        else:
            remove_stage(self._root)
        answer = _result(
            outcome,
            staged,
            tidied,
            self._actions,
            generated=generated,
            generated_changes=[str(change) for change in changes],
            seconds=self._watch.seconds,
            stage=self._tree if staged else None,
            plan=plan if staged else None,
            tool=self._tool.result if self._tool else None,
            repaired=repaired,
        )
        return dict(answer, diff=(self._tool.diff if self._tool else []) + answer["diff"])

    def _expected(self, tool: Optional[ToolPlan], repair: Optional[PackageRepair]) -> Sequence[str]:
        """What the patches may change, as far as that is known, and with it what Composer may write in place."""
        if not tool:
            paths = touched_files(self._store, self._wish.patches, self._wish.state, self._place.runner)
            return [*paths, *written_by_composer(self._root)] if repair else paths
        known = [path for each in self._wish.patches if each in ADVISORIES for path in ADVISORIES[each].files]
        return [*known, MANIFEST, *written_by_composer(self._root)]

    def _install(self, tool: ToolPlan, runner) -> Sequence[str]:
        """Install the tool in the copy; what the patches may change by all that it knows."""
        wish, wanted, php = self._wish, self._wish.tool or ToolWish(), self._place.php
        home = self._place.identity.home
        self._tool = install_tool(self._store, self._tree, tool, wanted, wish.patches, php, runner, home)
        self._actions += self._tool.actions
        if not wish.patches:
            # Else the patches show that it works.
            require_working(self._tree, php, runner)
        paths = touched_files(read_store(self._tree), wish.patches, wish.state, runner)
        own_files(self._tree, paths)
        return paths

    def _refuse(self) -> None:
        """What no build can be switched from."""
        if self._store.linked_vendor:
            raise CommerceError(
                "build beside the live release",
                self._root,
                "{0} is a symbolic link, and what is behind it may not be this release's alone".format(
                    self._store.linked_vendor[0]
                ),
                "Patch what it leads to where that is built, or install the packages into the release.",
                code="linked_vendor",
            )
        lock = foreign_lock(self._root, self._place.root)
        if lock:
            raise CommerceError(
                "build beside the live release",
                self._root,
                "{0} says that a deploy is under way".format(lock),
                "Wait until it has ended, then run again; remove the lock if its deploy is dead.",
                code="deploy_running",
            )
        if self._store.compiled:
            require_memory()

    def _copy(self, paths: Sequence[str], before: untouched.Snapshot, composes: bool) -> None:
        stage = make_stage_place(self._root, self._wish.stage_dir, document_roots())
        self._tree = stage.tree
        stale = [] if self._store.compiled else generated_from(self._root, paths)
        own = [*paths, *stale]
        generated = room_of_folder(os.path.join(self._root, "generated")) if self._store.compiled else NONE
        room = room_of_copy(before, own, stage.has_links)
        if composes:
            room = Room(room.size + COMPOSER.size, room.entries + COMPOSER.entries)
        require_room(self._root, self._tree, room, generated)
        copied = copy_release(self._root, self._tree, own)
        words = "copied the release to {0}: {1} files by hard link, {2} with their content"
        self._actions.append(words.format(self._tree, copied.linked, copied.copied))
        if not stage.has_links:
            self._actions.append("found no hard links on that file system, so the copy took room and time")
        if copied.left_out:
            self._actions.append("left out what leads out of the release or cannot be read: " + _named(copied.left_out))

    def _put_back(self, repair: PackageRepair, runner) -> Sequence[str]:
        """Put packages back in the copy; the files that may differ from live's by that and by what is applied again."""
        wish, home = self._wish.repair or ToolWish(), self._place.identity.home
        self._back = put_back(self._store, self._tree, repair, wish, self._place.php, runner, home)
        self._actions += repair_words(repair, self._back)
        again = touched_files(self._store, repair.again, PRESENT, runner) if repair.again else ()
        own_files(self._tree, again)
        return [*self._back.paths, *again]

    def _patch(self, runner, repair: Optional[PackageRepair]) -> Outcome:
        outcome = _ensure(read_store(self._tree), self._wish, self._place, runner, False)
        self._actions += outcome.actions
        if repair is None:
            return outcome
        again = [each for each in repair.again if each not in self._wish.patches]
        if again:
            store = read_store(self._tree)
            # What these need has been done when they came.
            accepted = self._wish.accept_side_effects, CHOICES
            more = ensure(store, again, PRESENT, runner, False, self._place.php, *accepted)
            self._actions += more.actions
        return repaired_outcome(self._root, self._tree, repair, outcome, self._back.paths)

    def _keep_discarded(self, repair: PackageRepair) -> Dict[str, Any]:
        """Keep what live loses by the repair, now that everything else is done."""
        lost = [
            path
            for path in self._back.discarded
            if blob_of(os.path.join(self._root, path)) != blob_of(os.path.join(self._tree, path))
        ]
        backup = keep_discarded(self._root, lost) if lost else None
        if backup:
            self._actions.append("kept the {0} files that differ in {1}".format(len(lost), backup))
        return repair_as_result(repair, lost, backup)

    def _autoload(self, outcome: Outcome, runner) -> None:
        """Let an autoloader that lists its classes know those that have come and those that have gone."""
        php_files = [path for path in outcome.files if path.startswith("vendor/") and path.endswith(".php")]
        come_or_gone = [path for path in php_files if None in (outcome.before[path], outcome.after[path])]
        autoloader = autoloader_of(self._root, php_files)
        if come_or_gone and (autoloader.authoritative or autoloader.optimized):
            new = [path for path in come_or_gone if outcome.after[path] is not None]
            words = dump(self._tree, autoloader, self._store.dev, new, self._place.php, runner)
            self._actions.append(words)

    def _compile(self, paths: Sequence[str], runner) -> Tuple[bool, Tuple[GeneratedChange, ...]]:
        """Compile, compare with what live has; whether it differs, and how beyond what the patches explain."""
        with self._watch.of("compile"):
            words = compile_tree(self._root, self._tree, self._place.php, runner, self._wish.limits)
            self._actions += words
        with self._watch.of("compare"):
            names = patched_names((self._root, self._tree), paths)
            found = compare_generated(self._root, self._tree, names, self._place.php, runner)
            require_accepted(self._root, found.others, self._wish.accept_generated)
            if found.others:
                self._actions.append("accepted {0} further changes in generated/".format(len(found.others)))
            carry_over(self._root, self._tree, found.only_live)
            give_generated_rights(os.path.join(self._root, "generated"), self._tree)
        return found.changed, found.others

    def _files(self, paths: Sequence[str]) -> StagedFiles:
        stale = [] if self._store.compiled else generated_from(self._root, paths)
        dumped = [path for path in _below(self._tree, "vendor/composer") if is_dumped(path)]
        tool = self._tool.paths if self._tool else ()
        files = staged_files(self._root, self._tree, [*paths, *tool, *dumped, "vendor/autoload.php"], stale)
        if files.stray:
            self._actions.append("left behind what the build wrote besides: " + _named(files.stray))
        return files

    def _require_readable(self, files: StagedFiles, generated: bool) -> None:
        """Refuse files that the pool's user could not read in live."""
        pool = serving_of(self._root).pool
        if pool is None or not pool.user:
            return
        try:
            user = identity_of(pool.user)
        except CommerceError:
            # A pool that is not of this host, or whose user is none of the host's.
            return
        paths = [file.path for file in files.changed if file.after is not None]
        paths += list(_below(self._tree, "generated")) if generated else []
        closed = [path for path in paths if not may_read(user, os.path.join(self._tree, path))]
        if closed:
            raise CommerceError(
                "let {0}, which serves the store, read what was built".format(user.name),
                self._root,
                "with the rights that live has, these would be closed to it: {0}".format(_named(closed)),
                "Make the store's owner ({0}) a member of the group that live's files belong to.".format(
                    self._place.identity.name
                ),
                code="not_readable",
            )

    def _require_untouched(self, before: untouched.Snapshot, paths: Sequence[str]) -> None:
        changed = untouched.differences(before, untouched.snapshot(self._root, paths))
        if changed:
            raise CommerceError(
                "prove that the live release was not touched",
                self._root,
                "while its copy was built, these changed: {0}".format(_named(changed)),
                "Find out who writes there, a deploy or a program of the store, then run again.",
                code="live_changed",
            )

    def _record(self, files: StagedFiles, generated: bool, fingerprint: Dict[str, Any]) -> None:
        record = StageRecord(
            tree=self._tree,
            state=self._wish.state,
            patches=tuple(self._wish.patches),
            files=files.changed,
            generated=generated,
            fingerprint=fingerprint,
            seconds=self._watch.seconds,
            actions=tuple(self._actions),
        )
        write_record(self._root, record)


def _below(tree: str, folder: str):
    """Paths of all folders and files below a folder of the copy, and of itself."""
    yield folder
    for where, folders, files in os.walk(os.path.join(tree, folder)):
        for name in folders + files:
            yield os.path.relpath(os.path.join(where, name), tree)


def _named(paths: Sequence[str]) -> str:
    more = " and {0} more".format(len(paths) - _NAMED) if len(paths) > _NAMED else ""
    return ", ".join(paths[:_NAMED]) + more
