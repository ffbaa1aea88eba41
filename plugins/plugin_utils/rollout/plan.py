# Copyright (c) 2026, the storefleet.commerce authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Which stores a rollout changes, in which stages, and which hosts it leaves out, and why. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from ansible_collections.storefleet.commerce.plugins.module_utils.errors import CommerceError

from .alike import require_alike
from .batches import DEFAULT, ends_of
from .hosts import Host, hosts_of, stores_of

WELL = ("compliant", "not_applicable", "waived")
_NAMED = 5


def plan_rollout(
    hosts: Iterable[Mapping[str, Any]], batches: Any = DEFAULT, require_all: bool = False
) -> dict[str, Any]:
    """The rollout over hosts, given in the inventory's order; what is returned is documented at the filter.

    A store is planned as a whole or left out as a whole. CommerceError bad_batches, bad_host, unlike_settings, or
    hosts_away with require_all.
    """
    stores = stores_of(hosts_of(hosts))
    require_alike(stores)
    if require_all:
        _require_reachable(stores)
    left_out: dict[str, str] = {}
    planned: list[list[Host]] = []
    for nodes in stores.values():
        why = _why_not(nodes)
        left_out.update(why)
        if not why:
            planned.append(nodes)
    # The sort is stable: but for the canaries, the inventory's order stays.
    planned.sort(key=lambda nodes: not any(node.canary for node in nodes))
    names = [(nodes[0].store, [node.name for node in nodes]) for nodes in planned]
    ends = ends_of(len(names), batches)
    return rollout_of([names[begin:end] for begin, end in zip([0, *ends], ends)], left_out)


def rollout_of(stages: Iterable[Iterable[tuple[str, Sequence[str]]]], left_out: Mapping[str, str]) -> dict[str, Any]:
    """The rollout whose stages are these stores, each with the names of its nodes; a stage without one is none."""
    stages = [list(stores) for stores in stages]
    numbered = [
        {
            "number": number,
            "stores": [store for store, dummy in stores],
            "hosts": [name for dummy, nodes in stores for name in nodes],
        }
        for number, stores in enumerate(filter(None, stages), start=1)
    ]
    return {
        "order": [host for stage in numbered for host in stage["hosts"]],
        "serial": [len(stage["hosts"]) for stage in numbered],
        "stages": numbered,
        "nodes": {store: list(nodes) for stores in stages for store, nodes in stores},
        "left_out": dict(left_out),
    }


def _why_not(nodes: Sequence[Host]) -> dict[str, str]:
    """Why a store is left out, by the names of its nodes; empty where it is planned."""
    if not any(node.selected for node in nodes):
        return {node.name: "--limit leaves it out" for node in nodes}
    away = [node for node in nodes if not (node.selected and node.reachable)]
    if away:
        return {node.name: _absence(node if node in away else away[0], node) for node in nodes}
    if not any(node.needs_change for node in nodes):
        return {node.name: _rest(node) for node in nodes}
    return {}


def _absence(away: Host, told: Host) -> str:
    subject = "it" if away is told else away.name
    if not away.selected:
        return f"--limit leaves {subject} out"
    if away.reason in (None, "unreachable"):
        return f"{subject} is unreachable"
    return f"{subject} could not be audited: {away.reason}"


def _rest(node: Host) -> str:
    if node.rest:
        return node.rest
    return f"{'it needs nothing' if node.status in WELL else 'it cannot be repaired'}: {node.status} ({node.reason})"


def _require_reachable(stores: Mapping[str, Sequence[Host]]) -> None:
    away = [node.name for nodes in stores.values() for node in nodes if node.selected and not node.reachable]
    if not away:
        return
    more = f" and {len(away) - _NAMED} more" if len(away) > _NAMED else ""
    raise CommerceError(
        "plan a rollout",
        "all stores",
        f"the audit has no result of {', '.join(away[:_NAMED])}{more}",
        "Make them reachable and run again, or let the others go on with commerce_require_all: false.",
        code="hosts_away",
    )
