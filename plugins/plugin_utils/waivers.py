# Copyright (c) 2026, the storefleet.commerce authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The waivers of a whole inventory: which one is a host's, and which ones are nobody's."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any

from ansible_collections.storefleet.commerce.plugins.module_utils.errors import CommerceError
from ansible_collections.storefleet.commerce.plugins.module_utils.waiver import Waiver, waiver_of

KEYS = ("host", "reason", "expires")


def waiver_for(waivers: Sequence[Mapping[str, Any]], host: str, store: str | None, today: date) -> Waiver | None:
    """The waiver of a host: one that bears its own name, or else its store's.

    Of several the one that ends last, so that an old one may stay beside the new. One of the host's that cannot be
    taken, and any that is no waiver by its form, raises CommerceError.
    """
    for given in waivers:
        _check_form(given)
    for name in (host, store):
        found = [waiver_of(given, today) for given in waivers if given["host"] == name]
        if found:
            return max(found, key=lambda waiver: waiver.expires)
    return None


def waivers_of_nobody(waivers: Iterable[Mapping[str, Any]], names: Iterable[str]) -> list[str]:
    """What the waivers call a host and is none of the names, each once, in their order: names of hosts and stores."""
    known = set(names)
    return list(dict.fromkeys(str(given.get("host")) for given in waivers if given.get("host") not in known))


def _check_form(given):
    if isinstance(given, Mapping) and set(given) == set(KEYS):
        return
    came_back = (
        f"it has {', '.join(map(str, given)) or 'nothing'}" if isinstance(given, Mapping) else f"it is {given!r}"
    )
    raise CommerceError(
        "take a waiver", "commerce_waivers", came_back, "Give it host, reason and expires.", code="bad_waiver"
    )
