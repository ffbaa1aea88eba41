# Copyright (c) 2026, the storefleet.commerce authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Settings that have to be the same on several hosts, and are not."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from ansible_collections.storefleet.commerce.plugins.module_utils.errors import CommerceError

from .hosts import Host


def require_alike(stores: Mapping[str, Sequence[Host]]) -> None:
    """CommerceError unlike_settings where nodes of one store, or hosts of one run, have two values of one setting.

    All hosts count, those that need nothing too: a mistake in the inventory is to be seen at once, and not on the day
    on which a repair is urgent.
    """
    for store, nodes in stores.items():
        _require({node.name: node.settings for node in nodes}, f"the store {store}", "all nodes of a store")
    everyone = {node.name: node.run_settings for nodes in stores.values() for node in nodes}
    _require(everyone, "the whole run", "all hosts of a run")


def _require(settings: Mapping[str, Mapping[str, Any]], where: str, whom: str) -> None:
    first: dict[str, tuple[str, Any]] = {}
    for host, values in settings.items():
        for name, value in values.items():
            other, wanted = first.setdefault(name, (host, value))
            if value != wanted:
                raise CommerceError(
                    "plan a rollout",
                    where,
                    f"{name} is {wanted!r} on {other} and {value!r} on {host}",
                    f"Give {name} one value for {whom}.",
                    code="unlike_settings",
                )
