# Copyright (c) 2026, the storefleet.commerce authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the Quality Patches Tool does beside what it is asked for.

It asks before each, and `--no-interaction` says yes.
"""

from __future__ import annotations

from typing import Callable, Collection, Dict, List, NamedTuple, Sequence, Tuple

from .catalogue import Catalogue
from .errors import CommerceError

CODE = "side_effects"
APPLIED, REVERTED, DEPRECATED = "applied", "reverted", "deprecated"
_WORDS = {
    APPLIED: "{id} would be applied too, as {because_of} requires it",
    REVERTED: "{id} would be taken out, as {because_of} replaces it",
    DEPRECATED: "{id} is deprecated",
}


class SideEffect(NamedTuple):
    """Something that the tool would do, and why.

    what: applied (the patch is required), reverted (it is replaced) or deprecated (the vendor advises against it, and
    it would be applied). because_of: the patch that requires or replaces it; of a deprecated one the one to use
    instead, empty if none.
    """

    id: str
    what: str
    because_of: str

    def __str__(self) -> str:
        words = _WORDS[self.what].format(id=self.id, because_of=self.because_of)
        instead = self.because_of if self.what == DEPRECATED else ""
        return "{0}, and the vendor recommends {1}".format(words, instead) if instead else words


def side_effects(catalogue: Catalogue, ids: Sequence[str], is_applied: Callable[[str], bool]) -> Tuple[SideEffect, ...]:
    """What else the tool would do if it applied the ids, none of which is applied."""
    needed_by: Dict[str, str] = {}
    found: List[SideEffect] = []
    ordered = catalogue.with_requirements(ids)
    for patch_id in ordered:
        for patch in catalogue.patches(patch_id):
            for other in patch.requires:
                needed_by.setdefault(other, patch_id)
    coming = [patch_id for patch_id in ordered if patch_id in ids or not is_applied(patch_id)]
    for patch_id in coming:
        if patch_id not in ids:
            found.append(SideEffect(patch_id, APPLIED, needed_by[patch_id]))
        patches = catalogue.patches(patch_id)
        if any(patch.deprecated for patch in patches):
            instead = next((patch.replaced_with for patch in patches if patch.replaced_with), None)
            found.append(SideEffect(patch_id, DEPRECATED, instead or ""))
        found += [
            SideEffect(other, REVERTED, patch_id)
            for other in catalogue.replaced_by(patch_id)
            if other not in ordered and is_applied(other)
        ]
    return tuple(dict.fromkeys(found))


def as_dicts(effects: Sequence[SideEffect]) -> List[Dict[str, str]]:
    """As modules return them."""
    return [effect._asdict() for effect in effects]


def require_accepted(root: str, effects: Sequence[SideEffect], ids: Collection[str], accept: Collection[str]) -> None:
    """Raise CommerceError side_effects where one is neither accepted nor asked for.

    Who asks for a deprecated patch has to accept that too.
    """
    open_effects = [
        effect for effect in effects if effect.id not in accept and (effect.id not in ids or effect.what == DEPRECATED)
    ]
    if open_effects:
        named = list(dict.fromkeys(effect.id for effect in open_effects))
        raise CommerceError(
            "apply {0} and nothing else".format(", ".join(ids)),
            root,
            "; ".join(map(str, open_effects)),
            "If that is wanted, say so with accept_side_effects: [{0}] (commerce_accept_side_effects of the role). "
            "Nothing has been changed.".format(", ".join(named)),
            code=CODE,
            facts={CODE: as_dicts(effects)},
        )
