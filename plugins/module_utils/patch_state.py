# Copyright (c) 2026, the storefleet.commerce authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Where a vendor patch stands in a store, decided by the store's files and not by a record of what was applied."""

from __future__ import annotations

import os
from dataclasses import dataclass, field
from typing import Dict, Iterable, List, Mapping, Optional, Tuple

from .advisory import ADVISORIES
from .catalogue import Catalogue, read_catalogue
from .command import Runner
from .errors import CommerceError
from .patch_files import Section, Tree, read_patch, sections
from .store import Store
from .version import Version, satisfies

APPLIED = "applied"
NOT_APPLIED = "not_applied"
PARTIAL = "partial"
CONFLICT = "conflict"
NOT_AVAILABLE = "not_available"
TOOL_MISSING = "tool_missing"
TOOL_TOO_OLD = "tool_too_old"


@dataclass(frozen=True)
class PatchState:
    """Where a patch stands in the store's files.

    state: applied | not_applied | partial (some files have it) | conflict (it neither fits nor is there) |
    not_available (the tool has none for this version) | tool_missing | tool_too_old.
    files: path -> applied | not_applied | conflict | missing. detail: a sentence, empty where the state says it all.
    """

    id: str
    state: str
    files: Mapping[str, str] = field(default_factory=dict)
    detail: str = ""


def patch_states(store: Store, ids: Iterable[str], runner: Runner) -> Dict[str, PatchState]:
    """The state of each patch by the store's files. No part of the store is started, nothing is written."""
    try:
        catalogue = read_catalogue(store.root, store.packages)
    except CommerceError as error:
        if error.code != "tool_missing":
            raise
        return {patch_id: PatchState(patch_id, TOOL_MISSING, detail=error.came_back) for patch_id in ids}
    return {patch_id: state_in(store, catalogue, patch_id, Tree(store.root, runner)) for patch_id in ids}


def state_in(store: Store, catalogue: Catalogue, patch_id: str, tree: Tree) -> PatchState:
    """The state of one patch; tree is the store's root."""
    patches = catalogue.patches(patch_id)
    if not patches:
        return _none_for_this_version(store, catalogue, patch_id)
    texts = [read_patch(patch.path) for patch in patches]
    parts = sections_of(catalogue, patch_id)
    if all(tree.objection(text) is None for text in texts):
        return PatchState(patch_id, NOT_APPLIED, {part.path: NOT_APPLIED for part in parts})
    if all(tree.objection(text, reverse=True) is None for text in texts):
        return PatchState(patch_id, APPLIED, {part.path: APPLIED for part in parts})
    return _by_file(store, catalogue, patch_id, parts, tree)


def _by_file(store, catalogue, patch_id, parts, tree) -> PatchState:
    files: Dict[str, str] = {}
    words: List[str] = []
    for part in parts:
        files[part.path], objection = _file_state(store, part, tree)
        if objection:
            words.append(objection)
    unclear = {path for path, found in files.items() if found != APPLIED}
    if not unclear:
        # Two patch files of one id can change the same file: the first cannot be judged by itself any more.
        return PatchState(patch_id, APPLIED, files)
    proof = _proven_by(catalogue, patch_id, unclear, tree)
    if proof:
        return PatchState(
            patch_id, APPLIED, dict.fromkeys(files, APPLIED), "{0} builds on it and is applied.".format(proof)
        )
    if set(files.values()) <= {APPLIED, NOT_APPLIED}:
        lacking = ", ".join(sorted(unclear))
        return PatchState(patch_id, PARTIAL, files, "Some of its files have it, these do not: {0}.".format(lacking))
    return PatchState(patch_id, CONFLICT, files, "; ".join(words))


def _file_state(store, part, tree):
    if not part.creates and not os.path.lexists(os.path.join(store.root, part.path)):
        return "missing", "{0} is not there".format(part.path)
    objection = tree.objection(part.text)
    if objection is None:
        return NOT_APPLIED, None
    if tree.objection(part.text, reverse=True) is None:
        return APPLIED, None
    return CONFLICT, objection


def _proven_by(catalogue, patch_id, unclear, tree) -> Optional[str]:
    """An applied patch that requires this one and has changed the unclear files since, which explains them."""
    for other in catalogue.dependents(patch_id):
        if not unclear <= {section.path for section in sections_of(catalogue, other)}:
            continue
        if all(tree.objection(read_patch(patch.path), reverse=True) is None for patch in catalogue.patches(other)):
            return other
    return None


def sections_of(catalogue: Catalogue, patch_id: str) -> Tuple[Section, ...]:
    """What the patch files of an id for this store are about, file by file."""
    return tuple(section for patch in catalogue.patches(patch_id) for section in sections(read_patch(patch.path)))


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
    return PatchState(patch_id, NOT_AVAILABLE, detail=detail)


def _older(version, minimum) -> bool:
    try:
        return Version.parse(version or "") < Version.parse(minimum)
    except CommerceError:
        return False


def _in_range(store, advisory) -> bool:
    try:
        return satisfies(store.version, advisory.range)
    except CommerceError:
        return False
