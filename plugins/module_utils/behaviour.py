# Copyright (c) 2026, the storefleet.commerce authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the behaviour of a store's APIs, as the probe names it, says of a change."""

from __future__ import annotations

from typing import Iterable, Mapping, Optional

from .advisory import ADVISORIES
from .layout import COMPOSER, in_layout
from .verdict import CLOSED, DEFECTIVE, FIXED

# API -> fixed, defective, broken, closed, not_testable.
Behaviour = Mapping[str, str]


def is_fixed(behaviour: Behaviour) -> bool:
    """Every API that answers resets the counter, and one at least does answer."""
    return FIXED in behaviour.values() and set(behaviour.values()) <= {FIXED, CLOSED}


def still_serves(behaviour: Behaviour) -> bool:
    """Customers can log in through every API that answers, with the defect or without."""
    return set(behaviour.values()) <= {FIXED, DEFECTIVE, CLOSED}


def serves_as_before(before: Behaviour, after: Behaviour) -> bool:
    """Every API does what it did before the change, or better."""
    return all(after.get(api) in (state, FIXED) for api, state in before.items())


def has_advisory(patches: Iterable[str], changed: Iterable[str] = (), layout: str = COMPOSER) -> bool:
    """Whether it is known what one of the patches does for a login, or one that comes with them.

    changed: paths of the files that they change, in the store's layout (layout.py).
    """
    paths = set(changed)
    return any(
        patch_id in patches or {in_layout(layout, path) for path in advisory.files} <= paths
        for patch_id, advisory in ADVISORIES.items()
    )


def is_as_wanted(has_effect: bool, present: bool, behaviour: Behaviour, before: Optional[Behaviour] = None) -> bool:
    """Whether a store behaves as it has to once patches are present or absent; before: as it did at first.

    has_effect: see has_advisory. What other patches do nobody can say here: customers can log in, no API does worse.
    """
    if has_effect:
        return (is_fixed if present else still_serves)(behaviour)
    return still_serves(behaviour) and (before is None or serves_as_before(before, behaviour))


def in_words(behaviour: Behaviour) -> str:
    """The APIs, each with what it does."""
    return ", ".join("{0} {1}".format(api, state) for api, state in sorted(behaviour.items()))
