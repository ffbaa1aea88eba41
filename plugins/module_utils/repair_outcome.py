# Copyright (c) 2026, the storefleet.commerce authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a repair of packages did, or in check mode would do: in words, as a result, and as one outcome with patches."""

from __future__ import annotations

from typing import Any, Dict, List, Optional, Sequence

from .package_repair import PackageRepair, PutBack
from .patch_state import APPLIED, NOT_APPLIED
from .patched_files import content
from .quality_patches import PRESENT, Change, Outcome


def repair_as_result(
    repair: PackageRepair, discarded: Optional[Sequence[str]] = None, backup: Optional[str] = None
) -> Dict[str, Any]:
    """What a module returns of it. discarded: None where only a real run can tell."""
    return {
        "packages": list(repair.packages),
        "applied_again": list(repair.again),
        "partly": list(repair.partly),
        "discarded": None if discarded is None else list(discarded),
        "backup": backup,
    }


def repair_words(repair: PackageRepair, back: Optional[PutBack] = None) -> List[str]:
    """What was done; back: None where it only would be."""
    said = ["{0}let Composer put back {1}".format("" if back else "would have ", ", ".join(repair.packages))]
    if repair.partly:
        said.append("{0} was in them in part, and is not any more".format(", ".join(repair.partly)))
    return said


def expected_repair(repair: PackageRepair, patches: Sequence[str], state: str) -> Outcome:
    """What the patches would change after it, as far as that is known without the packages as they are delivered."""
    after = APPLIED if state == PRESENT else NOT_APPLIED
    changes = tuple(
        Change(each, found.state, after, tuple(found.files) if found.state != after else ())
        for each, found in repair.states.items()
    )
    words = repair_words(repair)
    if state == PRESENT:
        words += ["would have applied {0}, as far as it fits".format(each) for each in dict.fromkeys(patches)]
    words += ["would have applied {0} again".format(each) for each in repair.again if each not in patches]
    return Outcome(True, changes, (), tuple(words))


def repaired_outcome(root: str, tree: str, repair: PackageRepair, patched: Outcome, put_back: Sequence[str]) -> Outcome:
    """The outcome of the patches in the copy at tree, told by what the release at root has."""
    paths = sorted({*put_back, *patched.files})
    before = {path: content(root, path) for path in paths}
    after = {path: content(tree, path) for path in paths}
    files = tuple(path for path in paths if before[path] != after[path])
    changes = tuple(
        Change(
            change.id,
            repair.states[change.id].state,
            change.after,
            tuple(path for path in repair.states[change.id].files if path in files),
        )
        for change in patched.patches
    )
    return Outcome(
        changed=bool(files),
        patches=changes,
        files=files,
        actions=patched.actions,
        before={path: before[path] for path in files},
        after={path: after[path] for path in files},
        side_effects=patched.side_effects,
    )
