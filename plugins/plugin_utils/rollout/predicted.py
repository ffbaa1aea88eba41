# Copyright (c) 2026, the storefleet.commerce authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What is known of hosts before their rollout: their release, and what check mode says of their change. Pure.

hostvars is by host, its variables: audit_result is its audit, remediate_stage or remediate_live what the role has
registered in check mode, and commerce_rollout_failure why it cannot be changed.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from ansible.module_utils.parsing.convert_bool import boolean

from .plan import rollout_of
from .strategy import strategy_of

Hostvars = Mapping[str, Mapping[str, Any]]
NO_ANSWER = "it did not answer when it was asked how it would be changed"


def details_of(rollout: Mapping[str, Any], hostvars: Hostvars) -> dict[str, dict[str, Any]]:
    """What a plan says of each host of the rollout, by its name; see plan_file.HOST_KEYS."""
    return {
        name: {**_standing(name, nodes, hostvars), **_change(hostvars[name])}
        for nodes in rollout["nodes"].values()
        for name in nodes
    }


def feasible(rollout: Mapping[str, Any], hostvars: Hostvars) -> dict[str, Any]:
    """The rollout without the stores of which a node cannot be changed, by what check mode says."""
    left_out: dict[str, str] = {}
    for nodes in rollout["nodes"].values():
        failures = {name: why for name in nodes if (why := _failure(hostvars[name]))}
        first = next(iter(failures), None)
        for name in nodes if first else ():
            left_out[name] = failures.get(name) or f"{first} cannot be changed: {failures[first]}"
    stages = [
        [(store, rollout["nodes"][store]) for store in stage["stores"] if rollout["nodes"][store][0] not in left_out]
        for stage in rollout["stages"]
    ]
    return rollout_of(stages, {**rollout["left_out"], **left_out})


def _standing(name: str, nodes: Iterable[str], hostvars: Hostvars) -> dict[str, Any]:
    audits = [audit for node in nodes if (audit := (hostvars[node].get("audit_result") or {}).get("audit"))]
    variables = hostvars[name]
    audit = (variables.get("audit_result") or {}).get("audit") or {}
    return {
        "fingerprint": audit.get("store", {}).get("fingerprint"),
        "strategy": strategy_of(
            variables.get("commerce_strategy", "auto"),
            audits,
            len(list(nodes)),
            tool=variables.get("commerce_tool", "as_is"),
            repair_partial=boolean(variables.get("commerce_repair_partial", False)),
        ),
    }


def _change(variables: Mapping[str, Any]) -> dict[str, Any]:
    result = _prediction(variables)
    plan = result.get("plan") or {}
    return {
        "files": result.get("files"),
        "commands": result.get("actions"),
        "reload": plan.get("reload"),
        "loses_requests": plan.get("loses_requests"),
        "clean": plan.get("clean"),
    }


def _prediction(variables: Mapping[str, Any]) -> Mapping[str, Any]:
    """What the role's module has returned; empty for a node that only follows another."""
    results = [variables.get(key) or {} for key in ("remediate_live", "remediate_stage")]
    return next((result for result in results if "files" in result), {})


def _failure(variables: Mapping[str, Any]) -> str:
    failure = " ".join(str(variables.get("commerce_rollout_failure") or "").split())
    if failure:
        return failure
    # Set by the role on each host that it came to.
    return "" if variables.get("remediate_reached") else NO_ANSWER
