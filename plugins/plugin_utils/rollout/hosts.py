# Copyright (c) 2026, the storefleet.commerce authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The hosts that a rollout is planned for, and the stores that they are nodes of."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, NamedTuple

from ansible.module_utils.parsing.convert_bool import boolean

from ansible_collections.storefleet.commerce.plugins.module_utils.errors import CommerceError

REQUIRED = ("name", "needs_change", "reachable")


class Host(NamedTuple):
    """One host: one node of a store.

    reachable: whether its audit gave a result; reason says why not. selected: whether --limit lets it in.
    rest: why it needs no change, in words, where its verdict does not tell.
    settings: what all nodes of a store must have alike, by the name of the variable; nothing secret, as errors show it.
    run_settings: what all hosts of the run must have alike.
    """

    name: str
    store: str
    canary: bool
    status: str | None
    reason: str | None
    needs_change: bool
    reachable: bool
    selected: bool
    rest: str | None
    settings: Mapping[str, Any]
    run_settings: Mapping[str, Any]


def hosts_of(given: Any) -> list[Host]:
    """The hosts that a playbook describes, a list. CommerceError bad_host."""
    # A template that adds to its result what stands around it gives a text, which is a sequence too.
    if isinstance(given, (str, Mapping)) or not isinstance(given, Iterable):
        raise _refused(given, f"a list of hosts is wanted, and this is a {type(given).__name__}")
    return [host_of(one) for one in given]


def host_of(given: Any) -> Host:
    """A host as a playbook describes it, texts for booleans included. CommerceError bad_host."""
    missing = [key for key in REQUIRED if key not in given] if isinstance(given, Mapping) else REQUIRED
    if missing:
        raise _refused(given, f"one is without {', '.join(missing)}")

    def flag(key: str, otherwise: bool) -> bool:
        value = given.get(key)
        try:
            return otherwise if value is None else boolean(value)
        except TypeError:
            raise _refused(given, f"{key} is {value!r}, which is neither true nor false") from None

    return Host(
        name=str(given["name"]),
        store=str(given.get("store") or given["name"]),
        canary=flag("canary", False),
        status=given.get("status"),
        reason=given.get("reason"),
        needs_change=flag("needs_change", False),
        reachable=flag("reachable", False),
        selected=flag("selected", True),
        rest=given.get("rest"),
        settings=given.get("settings") or {},
        run_settings=given.get("run_settings") or {},
    )


def stores_of(hosts: Iterable[Host]) -> dict[str, list[Host]]:
    """The nodes of each store, in the hosts' order; the stores in the order of their first nodes."""
    stores: dict[str, list[Host]] = {}
    for host in hosts:
        stores.setdefault(host.store, []).append(host)
    return stores


def _refused(given: Any, came_back: str) -> CommerceError:
    name = given.get("name") if isinstance(given, Mapping) else None
    return CommerceError(
        "plan a rollout",
        f"the host {name}" if name else "the hosts",
        came_back,
        "Describe each host as the documentation of the filter rollout_plan says.",
        code="bad_host",
    )
