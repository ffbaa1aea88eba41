# Copyright (c) 2026, the storefleet.commerce authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A rollout held against the plan that was signed off: what the plan says is done, and nothing else. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from ansible_collections.storefleet.commerce.plugins.module_utils.errors import CommerceError

from .audited import PRESENT
from .plan import rollout_of
from .plan_file import PLAYBOOKS

Now = Mapping[str, Mapping[str, Any]]


class Wanted(NamedTuple):
    """What a run is about: the ids of the patches, the ticket, and whether the patches are to be present or absent."""

    patches: Sequence[str]
    change_id: str | None = None
    state: str = PRESENT


def require_same_change(document: Mapping[str, Any], wanted: Wanted) -> None:
    """CommerceError other_plan where the plan was made for other patches, for another change, or another playbook."""
    for name, planned, now in (
        ("commerce_patches", sorted(document["patches"]), sorted(wanted.patches)),
        ("commerce_change_id", document["change_id"], wanted.change_id or None),
        ("the playbook", PLAYBOOKS.get(document["state"]), PLAYBOOKS[wanted.state]),
    ):
        if planned != now:
            raise CommerceError(
                "follow the plan",
                f"commerce_plan, made at {document['created']}",
                f"it was made with {name} {planned!r}, and this run has {now!r}",
                "Hand back the plan of this change, or make a new one with plan.yml.",
                code="other_plan",
            )


def as_planned(document: Mapping[str, Any], rollout: Mapping[str, Any], now: Now) -> dict[str, Any]:
    """The rollout in the plan's stages, without the stores that are not what the plan says; and which these are.

    document: as plan_file.parsed returns it. rollout: as plan_rollout returns it; so is the result, with refused in
    addition: why, by the name of the store. now: fingerprint and strategy of each host as they are, by its name.
    A store that needs nothing any more is no matter: a run that was stopped goes on with the same plan.
    """
    nodes = rollout["nodes"]
    refused = refusals(document, nodes, now)
    left_out = {name: f"the plan does not allow it: {why}" for store, why in refused.items() for name in nodes[store]}
    stages = [
        [(store["store"], nodes[store["store"]]) for store in stage["stores"] if _is_on(store["store"], nodes, refused)]
        for stage in document["stages"]
    ]
    return {**rollout_of(stages, {**rollout["left_out"], **left_out}), "refused": refused}


def refusals(document: Mapping[str, Any], nodes: Mapping[str, Sequence[str]], now: Now) -> dict[str, str]:
    """Why stores that need a change are none of those of the plan, by their names; nodes: their hosts."""
    planned = {store["store"]: store["hosts"] for stage in document["stages"] for store in stage["stores"]}
    found = {}
    for store, names in nodes.items():
        why = _changed(planned[store], names, now) if store in planned else _missing(document["left_out"], names)
        if why:
            found[store] = why
    return found


def _is_on(store, nodes, refused) -> bool:
    return store in nodes and store not in refused


def _missing(left_out, names) -> str:
    why = next((f": {left_out[name]}" for name in names if name in left_out), "")
    return f"it left this store out{why}" if why else "it does not have this store"


def _changed(planned, names, now) -> str:
    before = {host["name"]: host for host in planned}
    if set(before) != set(names):
        return f"the store had the nodes {', '.join(before)}, and has {', '.join(names)}"
    for name in names:
        host = now.get(name, {})
        if not (host.get("fingerprint") and before[name]["fingerprint"]):
            return f"nobody can tell whether {name} has the release for which the plan was made"
        if host["fingerprint"] != before[name]["fingerprint"]:
            return f"{name} has another release than when the plan was made"
        if host.get("strategy") != before[name]["strategy"]:
            return f"{name} would be changed by {host.get('strategy')}, and the plan says {before[name]['strategy']}"
    return ""
