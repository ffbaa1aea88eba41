# Copyright (c) 2026, the storefleet.commerce authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Where a vendor patch stands in a store, decided by the store's files and not by a record of what was applied."""

from __future__ import annotations

import os
from typing import Dict, Iterable, List, Mapping, NamedTuple, Optional, Sequence, Tuple

from .advisory import ADVISORIES
from .catalogue import Catalogue, read_catalogue
from .command import Runner
from .errors import CommerceError
from .patch_files import Section, hunks, read_sections
from .store import Store
from .tree import Objection, Tree, copied
from .version import Version, satisfies

APPLIED = "applied"
NOT_APPLIED = "not_applied"
PARTIAL = "partial"
CONFLICT = "conflict"
NOT_AVAILABLE = "not_available"
TOOL_MISSING = "tool_missing"
TOOL_TOO_OLD = "tool_too_old"
MISSING = "missing"


class PatchState(NamedTuple):
    """Where a patch stands in the store's files.

    state: applied | not_applied | partial (some files have it) | conflict (it neither fits nor is there) |
    not_available (the tool has none for this version) | tool_missing | tool_too_old.
    files: path -> applied | not_applied | partial | conflict | missing. detail: a sentence, empty where the state says
    it all. objections: path -> why the patch does not fit, for the files in conflict. hunks: path -> applied |
    not_applied | conflict hunk by hunk, for the files that are partial or in conflict.
    """

    id: str
    state: str
    files: Mapping[str, str] = {}
    detail: str = ""
    objections: Mapping[str, Objection] = {}
    hunks: Mapping[str, Tuple[str, ...]] = {}


def patch_states(store: Store, ids: Iterable[str], runner: Runner) -> Dict[str, PatchState]:
    """The state of each patch by the store's files. No part of the store is started, nothing in it is written."""
    try:
        catalogue = read_catalogue(store)
    except CommerceError as error:
        if error.code != TOOL_MISSING:
            raise
        return {patch_id: PatchState(patch_id, TOOL_MISSING, detail=error.came_back) for patch_id in ids}
    tree = Tree(store.root, runner)
    return {patch_id: state_in(store, catalogue, patch_id, tree) for patch_id in ids}


def state_in(store: Store, catalogue: Catalogue, patch_id: str, tree: Tree) -> PatchState:
    """The state of one patch; tree is the store's root."""
    if not catalogue.patches(patch_id):
        return _none_for_this_version(store, catalogue, patch_id)
    parts = sections_of(store, catalogue, patch_id)
    link = next(filter(None, (tree.link(part.path) for part in parts)), None)
    if link is None:
        return _Judge(store, catalogue, tree).state(patch_id, parts)
    with copied(tree, (part.path for part in parts)) as copy:
        found = _Judge(store, catalogue, copy).state(patch_id, parts)
    words = "{0} is a symbolic link, and neither git nor the tool patches a file behind one.".format(link)
    state = found.state if found.state == APPLIED else CONFLICT
    return found._replace(state=state, detail="{0} {1}".format(words, found.detail).strip())


def sections_of(store: Store, catalogue: Catalogue, patch_id: str) -> Tuple[Section, ...]:
    """What the patch files of an id for this store are about, file by file, at their places in the store."""
    return tuple(
        part for patch in catalogue.patches(patch_id) for part in read_sections(patch.folder, patch.name, store.layout)
    )


class _Judge:
    """Holds patches against a tree."""

    def __init__(self, store: Store, catalogue: Catalogue, tree: Tree):
        self._store = store
        self._catalogue = catalogue
        self._tree = tree
        self._applied: Dict[str, bool] = {}

    def state(self, patch_id, parts) -> PatchState:
        forward = self._tree.objections(parts)
        if not forward:
            return _all(patch_id, parts, NOT_APPLIED)
        backward = self._tree.objections(parts, reverse=True)
        if not backward:
            return _all(patch_id, parts, APPLIED)
        in_hunks = {
            part.path: self._hunk_states(part.path, parts)
            for part in parts
            if part.path in forward and part.path in backward and self._is_there(part.path)
        }
        files = {part.path: self._file_state(part, parts, forward, backward, in_hunks) for part in parts}
        unclear = {path for path, found in files.items() if found != APPLIED}
        self._applied[patch_id] = False
        proof = self._proven_by(patch_id, unclear)
        if proof:
            return _all(patch_id, parts, APPLIED, "{0} builds on it and is applied.".format(proof))
        conflicts = {path for path, found in files.items() if found in (CONFLICT, MISSING)}
        if conflicts and self._fits_after_requirements(patch_id, parts):
            return _all(patch_id, parts, NOT_APPLIED)
        if not conflicts:
            lacking = ", ".join(path + _in_words(in_hunks.get(path, ())) for path in sorted(unclear))
            words = "Some of its files have it, these do not: {0}.".format(lacking)
            return PatchState(patch_id, PARTIAL, files, words, hunks=in_hunks)
        return PatchState(
            patch_id,
            CONFLICT,
            files,
            "; ".join(
                _described(path, files[path], forward[path], in_hunks.get(path, ()))
                for path in files
                if path in conflicts
            ),
            {path: forward[path] for path in files if path in conflicts},
            in_hunks,
        )

    def _is_there(self, path) -> bool:
        return os.path.lexists(os.path.join(self._tree.root, path))

    def _hunk_states(self, path, parts) -> Tuple[str, ...]:
        return tuple(self._hunk_state(hunk) for part in parts if part.path == path for hunk in hunks(part))

    def _hunk_state(self, hunk) -> str:
        """By itself: git finds the place of one that others have moved."""
        if not self._tree.objections((hunk,), reverse=True):
            return APPLIED
        return CONFLICT if self._tree.objections((hunk,)) else NOT_APPLIED

    def _file_state(self, part, parts, forward, backward, in_hunks) -> str:
        if part.path not in forward:
            return NOT_APPLIED
        if part.path not in backward:
            return APPLIED
        if not part.creates and not self._is_there(part.path):
            return MISSING
        own = [other for other in parts if other.path == part.path]
        # One of two patch files on one file may be there, the other not.
        for count in range(1, len(own)):
            if not self._tree.objections(own[count:]) and not self._tree.objections(own[:count], reverse=True):
                return PARTIAL
        return PARTIAL if set(in_hunks.get(part.path, ())) == {APPLIED, NOT_APPLIED} else CONFLICT

    def _proven_by(self, patch_id, unclear) -> Optional[str]:
        """An applied patch that requires this one and has changed the unclear files since, which explains them."""
        for other in self._catalogue.dependents(patch_id):
            parts = self._sections(other)
            if unclear <= {part.path for part in parts} and self._is_applied(other, parts):
                return other
        return None

    def _is_applied(self, patch_id, parts) -> bool:
        """Whether it can be taken out, or another that builds on it can."""
        if patch_id not in self._applied:
            # Two that require each other prove nothing.
            self._applied[patch_id] = False
            try:
                backward = self._tree.objections(parts, reverse=True)
            except CommerceError:
                return False
            self._applied[patch_id] = not backward or bool(self._proven_by(patch_id, set(backward)))
        return self._applied[patch_id]

    def _fits_after_requirements(self, patch_id, parts) -> bool:
        """Whether it fits onto the files as what it requires, and is not there yet, would leave them."""
        required: List[Section] = []
        try:
            for other in self._catalogue.with_requirements([patch_id])[:-1]:
                own = self._sections(other)
                if own and not self._is_applied(other, own):
                    required += own
            return bool(required) and not self._tree.objections(tuple(required) + tuple(parts))
        except CommerceError:
            # What the tool has of one of them makes no sense.
            return False

    def _sections(self, patch_id) -> Tuple[Section, ...]:
        """Those of a patch that nobody asked for; none if what the tool has of it makes no sense."""
        try:
            return sections_of(self._store, self._catalogue, patch_id)
        except CommerceError:
            return ()


def _all(patch_id, parts: Sequence[Section], state, detail="") -> PatchState:
    return PatchState(patch_id, state, {part.path: state for part in parts}, detail)


def _described(path, state, objection, in_hunks) -> str:
    if state == MISSING:
        return "{0} is not there".format(path)
    where = ", hunk {0}".format(objection.hunk) if objection.hunk else ""
    return objection.words + where + _in_words(in_hunks)


_HUNK_WORDS = {APPLIED: "{0} there", NOT_APPLIED: "{0} missing", CONFLICT: "{0} of other content"}


def _in_words(in_hunks: Sequence[str]) -> str:
    """The hunks of a file by their numbers; nothing where there is but one."""
    if len(in_hunks) < 2:
        return ""
    told = []
    for state, words in _HUNK_WORDS.items():
        numbers = [str(number) for number, found in enumerate(in_hunks, 1) if found == state]
        told += [words.format(", ".join(numbers))] if numbers else []
    return " (of its {0} hunks {1})".format(len(in_hunks), "; ".join(told))


def _none_for_this_version(store, catalogue, patch_id) -> PatchState:
    advisory = ADVISORIES.get(patch_id)
    if (
        patch_id not in catalogue
        and advisory
        and _older(store.qpt_version, advisory.minimum_tool)
        and _in_range(store, advisory)
    ):
        detail = "magento/quality-patches {0} does not have it, {1} is the first that does.".format(
            store.qpt_version, advisory.minimum_tool
        )
        return PatchState(patch_id, TOOL_TOO_OLD, detail=detail)
    detail = "magento/quality-patches {0} has no {1} for Commerce {2}.".format(
        store.qpt_version, patch_id, store.version
    )
    constraints = ["{0} {1}".format(*rule[:2]) for rule in catalogue.rules(patch_id)]
    if constraints:
        detail = "{0} It has it for {1}.".format(detail, ", ".join(constraints))
    return PatchState(patch_id, NOT_AVAILABLE, detail=detail)


def _older(version, minimum) -> bool:
    try:
        found = Version.parse(version or "")
        return not found.is_branch and found < Version.parse(minimum)
    except CommerceError:
        return False


def _in_range(store, advisory) -> bool:
    try:
        return satisfies(store.base_version or "", advisory.range)
    except CommerceError:
        return False
