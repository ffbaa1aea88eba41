# Copyright (c) 2026, the storefleet.commerce authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the behaviour of a store's APIs, as the probe names it, says of a change."""

from __future__ import annotations

from typing import Mapping

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


def in_words(behaviour: Behaviour) -> str:
    """The APIs, each with what it does."""
    return ", ".join("{0} {1}".format(api, state) for api, state in sorted(behaviour.items()))
