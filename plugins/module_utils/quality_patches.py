# Copyright (c) 2026, the storefleet.commerce authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Vendor patches seen to be in a store or not, through the Quality Patches Tool as their owner."""

from __future__ import annotations

import os
from dataclasses import dataclass, field
from typing import Any, Dict, Mapping, Optional, Sequence, Tuple

from . import qpt_output
from .advisory import ADVISORIES
from .catalogue import HOW_TO_INSTALL, Catalogue, read_catalogue
from .command import Runner
from .errors import CommerceError
from .patch_ids import refuse_strange
from .patch_needs import NO_NEEDS, Needs, needs_of, require_needs_accepted
from .patch_state import (
    APPLIED,
    CONFLICT,
    NOT_APPLIED,
    NOT_AVAILABLE,
    PARTIAL,
    TOOL_MISSING,
    TOOL_TOO_OLD,
    PatchState,
    patch_states,
    sections_of,
    state_in,
)
from .patched_files import attributes, content, keep_attributes, require_writable
from .settings import DEFAULT_PHP
from .side_effects import SideEffect, as_dicts, require_accepted, side_effects
from .store import Store
from .tree import Tree, copied

PRESENT, ABSENT = "present", "absent"


@dataclass(frozen=True)
class Change:
    """What became of one patch: its state before and after (in check mode: predicted)."""

    id: str
    before: str
    after: str
    files: Tuple[str, ...]


@dataclass(frozen=True)
class Outcome:
    """What `ensure` did, or in check mode would do.

    files: paths whose content differs between before and after; before, after: their content, None where there is none.
    actions: what was done, in words. side_effects: what was done beside what was asked for. needs: of the patches that
    were changed, what the store needs to follow.
    """

    changed: bool
    patches: Tuple[Change, ...]
    files: Tuple[str, ...]
    actions: Tuple[str, ...]
    before: Mapping[str, Optional[bytes]] = field(default_factory=dict, repr=False)
    after: Mapping[str, Optional[bytes]] = field(default_factory=dict, repr=False)
    side_effects: Tuple[SideEffect, ...] = ()
    needs: Needs = NO_NEEDS

    def as_result(self) -> Dict[str, Any]:
        """The parts by name, with the diff as Ansible shows one, as modules return them."""
        return {
            "changed": self.changed,
            "patches": [
                {"id": change.id, "before": change.before, "after": change.after, "files": list(change.files)}
                for change in self.patches
            ],
            "files": list(self.files),
            "actions": list(self.actions),
            "side_effects": as_dicts(self.side_effects),
            "due": list(self.needs.due),
            "diff": [
                {
                    "before_header": path,
                    "after_header": path,
                    "before": _text(self.before[path]),
                    "after": _text(self.after[path]),
                }
                for path in self.files
            ],
        }


def ensure(
    store: Store,
    ids: Sequence[str],
    state: str,
    runner: Runner,
    check: bool = False,
    php: Sequence[str] = DEFAULT_PHP,
    accept: Sequence[str] = (),
    accept_needs: Sequence[str] = (),
) -> Outcome:
    """See to it that the patches are present in (or absent from) the store's files, through the tool as their owner.

    The calling process is the store's owner, with the store's umask. Where the files already are as wanted the tool is
    not started. check: nothing in the store is written, the outcome is what a real run would bring. accept: ids that
    the tool may apply, revert, or apply although they are deprecated, beside what it is asked for. accept_needs: what
    the operator sees to after it, of patch_needs.CHOICES.
    A patch that cannot be had raises CommerceError: tool_missing, tool_too_old, patch_not_found, patch_required
    (another applied one needs it), patch_conflict, side_effects (the tool would do more than it was asked for),
    needs_more (the store's own commands would have to follow), not_writable, tool_failed; came_back holds
    the tool's own words.
    """
    refuse_strange(ids)
    ids = tuple(dict.fromkeys(ids))
    before = patch_states(store, ids, runner)
    wanted = (APPLIED,) if state == PRESENT else (NOT_APPLIED, NOT_AVAILABLE)
    open_ids = [patch_id for patch_id in ids if before[patch_id].state not in wanted]
    if not open_ids:
        return Outcome(False, tuple(_unchanged(before[patch_id]) for patch_id in ids), (), ())
    _require_tool(store, before, open_ids)
    catalogue = read_catalogue(store)
    work = _Work(store, catalogue, runner, tuple(open_ids), state)
    effects = work.side_effects()
    require_accepted(store.root, effects, ids, accept)
    needs = needs_of(work.changing(effects))
    require_needs_accepted(store.root, open_ids, needs, accept_needs)
    require_writable(store.root, work.paths)
    contents_before = work.contents()
    if check:
        _refuse_beforehand(work, before)
        contents_after, events = work.rehearsed()
        after = dict.fromkeys(open_ids, wanted[0])
    else:
        events = work.done(php, contents_before, before)
        contents_after = work.contents()
        after = {patch_id: found.state for patch_id, found in patch_states(store, open_ids, runner).items()}
        _confirm(work, after, wanted)
    files = tuple(sorted(path for path in contents_before if contents_before[path] != contents_after[path]))
    return Outcome(
        changed=bool(files),
        patches=tuple(_change(before[patch_id], after, work, files) for patch_id in ids),
        files=files,
        actions=tuple("{0}{1} {2}".format("would have " if check else "", event.what, event.id) for event in events),
        before={path: contents_before[path] for path in files},
        after={path: contents_after[path] for path in files},
        side_effects=effects,
        needs=needs,
    )


class _Work:
    """Some patches to be applied to a store, or reverted."""

    def __init__(self, store: Store, catalogue: Catalogue, runner: Runner, ids: Tuple[str, ...], state: str):
        self.ids = ids
        self._store = store
        self._catalogue = catalogue
        self._runner = runner
        self._state = state
        self._verb = "apply" if state == PRESENT else "revert"
        self._files = {
            patch_id: tuple(section.path for section in sections_of(store, catalogue, patch_id))
            for patch_id in self._involved()
        }
        self.paths = tuple(dict.fromkeys(path for paths in self._files.values() for path in paths))

    def _involved(self) -> Tuple[str, ...]:
        """The patches, those that the tool applies with them, and those that it reverts because these replace them."""
        if self._state == ABSENT:
            return self.ids
        required = self._catalogue.with_requirements(self.ids)
        return required + self._replaced(required)

    def _replaced(self, required) -> Tuple[str, ...]:
        replaced = (other for patch_id in required for other in self._catalogue.replaced_by(patch_id))
        return tuple(dict.fromkeys(other for other in replaced if other not in required))

    def replaces_an_applied(self, patch_id: str) -> bool:
        """Whether the tool takes out another patch before it applies this one."""
        return self._state == PRESENT and any(self._is_applied(other) for other in self._replaced((patch_id,)))

    def files_of(self, patch_id: str) -> Tuple[str, ...]:
        """The files that a patch is about."""
        return self._files.get(patch_id, ())

    def changing(self, effects: Sequence[SideEffect]) -> Tuple[str, ...]:
        """The files of the patches that are changed, and not of those that they require and that are there."""
        ids = dict.fromkeys((*self.ids, *(effect.id for effect in effects)))
        return tuple(path for patch_id in ids for path in self.files_of(patch_id))

    def contents(self, root: Optional[str] = None) -> Dict[str, Optional[bytes]]:
        """What all files of the work hold, in the store or in another tree."""
        return {path: content(root or self._store.root, path) for path in self.paths}

    def side_effects(self) -> Tuple[SideEffect, ...]:
        """What the tool would do beside."""
        return side_effects(self._catalogue, self.ids, self._is_applied) if self._state == PRESENT else ()

    def applied_dependents(self, patch_id: str) -> Tuple[str, ...]:
        """Applied patches that stand in the way of a revert, those that build on them too."""
        if self._state == PRESENT:
            return ()
        found: Dict[str, None] = {}
        open_ids = [patch_id]
        while open_ids:
            others = [other for other in self._catalogue.dependents(open_ids.pop()) if other not in found]
            applied = [other for other in others if other in self.ids or self._is_applied(other)]
            found.update(dict.fromkeys(applied))
            open_ids += applied
        return tuple(other for other in found if other not in self.ids)

    def refused(self, code: str, named: Sequence[str], words: str) -> CommerceError:
        """The error that says why this work cannot be done."""
        root = self._store.root
        return CommerceError(
            "{0} {1} with the Quality Patches Tool".format(self._verb, ", ".join(self.ids)),
            root,
            words,
            _NEXT_STEPS[code].format(tool="php " + qpt_output.TOOL, named=", ".join(named), root=root),
            code=code,
        )

    def done(
        self, php: Sequence[str], contents: Mapping[str, Optional[bytes]], states: Mapping[str, PatchState]
    ) -> Tuple[qpt_output.Event, ...]:
        """Run the tool; what it says that it did."""
        root = self._store.root
        kept = attributes(root, self.paths)
        argv = qpt_output.command(php, self._verb, *self.ids)
        try:
            result = self._runner.run(argv, cwd=root, timeout=qpt_output.TOOL_SECONDS)
        except CommerceError as error:
            if error.code != "timeout":
                raise
            raise self._stopped(qpt_output.Refusal("tool_failed", (), error.came_back), contents, states) from error
        finally:
            keep_attributes(root, kept)
        answer = qpt_output.read_answer(result.rc, result.out, result.err)
        if answer.refusal:
            raise self._stopped(answer.refusal, contents, states)
        return tuple(event for event in answer.events if event.what in (qpt_output.APPLIED, qpt_output.REVERTED))

    def _stopped(self, refusal, contents, states) -> CommerceError:
        """The error for a tool that did not do it, with what it has left."""
        words = [refusal.words]
        # The tool does not tell a half patched store from a changed one.
        words += [states[patch_id].detail for patch_id in self.ids if states[patch_id].state == PARTIAL]
        changed = [path for path, found in self.contents().items() if found != contents[path]]
        words += ["It changed nevertheless: {0}".format(", ".join(changed))] if changed else []
        return self.refused(refusal.code, refusal.ids, " ".join(words))

    def rehearsed(self) -> Tuple[Dict[str, Optional[bytes]], Tuple[qpt_output.Event, ...]]:
        """The same on copies of the files, elsewhere: what they would hold, and what would have been done."""
        steps = self._steps()
        with copied(Tree(self._store.root, self._runner), self.paths) as tree:
            for patch_id, reverse in steps:
                words = tree.apply(sections_of(self._store, self._catalogue, patch_id), reverse)
                if words:
                    raise self.refused("patch_conflict", (patch_id,), words)
            what = {True: qpt_output.REVERTED, False: qpt_output.APPLIED}
            return self.contents(tree.root), tuple(
                qpt_output.Event(patch_id, what[reverse]) for patch_id, reverse in steps
            )

    def _steps(self) -> Tuple[Tuple[str, bool], ...]:
        """What the tool would do one after another: id, and whether it is taken out."""
        required = self._catalogue.with_requirements(self.ids)
        if self._state == ABSENT:
            return tuple((patch_id, True) for patch_id in reversed(required) if patch_id in self.ids)
        out = tuple((patch_id, True) for patch_id in self._replaced(required) if self._is_applied(patch_id))
        return out + tuple((patch_id, False) for patch_id in required if not self._is_applied(patch_id))

    def _is_applied(self, patch_id) -> bool:
        return state_in(self._store, self._catalogue, patch_id, Tree(self._store.root, self._runner)).state == APPLIED


def touched_files(store: Store, ids: Sequence[str], state: str, runner: Runner) -> Tuple[str, ...]:
    """Paths of all files that `ensure` may change, relative to the root; raises tool_missing as it does."""
    return _Work(store, read_catalogue(store), runner, tuple(ids), state).paths


def _require_tool(store, states, ids):
    for patch_id in ids:
        found = states[patch_id]
        if found.state == TOOL_TOO_OLD:
            raise CommerceError(
                "find the patch {0}".format(patch_id),
                store.root,
                found.detail,
                "Set commerce_tool to install, or update it with Composer: "
                "composer require magento/quality-patches:^{0}".format(ADVISORIES[patch_id].minimum_tool),
                code=TOOL_TOO_OLD,
            )
    missing = [states[patch_id].detail for patch_id in ids if states[patch_id].state == TOOL_MISSING]
    if not missing and not os.path.exists(os.path.join(store.root, qpt_output.TOOL)):
        missing = ["{0} is not there".format(qpt_output.TOOL)]
    if missing:
        raise CommerceError(
            "find the Quality Patches Tool",
            store.root,
            missing[0],
            HOW_TO_INSTALL,
            code=TOOL_MISSING,
        )
    if store.missing:
        raise CommerceError(
            "run the Quality Patches Tool",
            store.root,
            "it needs {0}, which is not there".format(" and ".join(store.missing)),
            "Deploy the store with the files that Composer writes, or apply the patch where it is built.",
            code="tool_needs_files",
        )


def _refuse_beforehand(work, states):
    """What the tool would refuse, seen by the files."""
    for patch_id in work.ids:
        found = states[patch_id]
        if found.state == NOT_AVAILABLE:
            raise work.refused("patch_not_found", (patch_id,), found.detail)
        # What it replaces may be in its way, and goes first; the rehearsal shows whether it fits then.
        if found.state in (PARTIAL, CONFLICT) and not work.replaces_an_applied(patch_id):
            raise work.refused("patch_conflict", (patch_id,), found.detail)
        needing = work.applied_dependents(patch_id)
        if needing:
            raise work.refused(
                "patch_required", needing, "{0} is applied and requires {1}".format(", ".join(needing), patch_id)
            )


_NEXT_STEPS = {
    "patch_not_found": (
        "Look with `{tool} status` which patches this version has; a newer magento/quality-patches may have it."
    ),
    # By a task of its own: with commerce_patches, the next repair would bring it back.
    "patch_required": (
        "Take {named} out first, by tasks of storefleet.commerce.release_stage and release_switch (quality_patch_live "
        "where nothing is compiled, quality_patch in a checkout) with patches: [{named}] and state: absent. "
        "Then run again."
    ),
    "patch_conflict": (
        "Compare these files with their package's own, then run again. composer reinstall PACKAGE puts a package back, "
        "and commerce_repair_partial: true has that done in the staged copy and keeps the changed files."
    ),
    "tool_failed": "Run `{tool} status` by hand in {root} as the store's owner to see what is wrong with the tool.",
}


def _confirm(work, after, wanted):
    wrong = ["{0} is {1}".format(patch_id, found) for patch_id, found in after.items() if found not in wanted]
    if wrong:
        raise work.refused(
            "tool_failed", (), "the tool reported success, but by the files {0}".format(", ".join(wrong))
        )


def _unchanged(found: PatchState) -> Change:
    return Change(found.id, found.state, found.state, ())


def _change(found: PatchState, after, work, files) -> Change:
    return Change(
        found.id,
        found.state,
        after.get(found.id, found.state),
        tuple(path for path in work.files_of(found.id) if path in files),
    )


def _text(content: Optional[bytes]) -> str:
    """A file's content as a diff shows it."""
    return (content or b"").decode("utf-8", "replace")
