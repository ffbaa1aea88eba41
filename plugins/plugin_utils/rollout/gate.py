# Copyright (c) 2026, the storefleet.commerce authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Whether the next stage of a rollout may start. Pure."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import Any, NamedTuple

from .audited import store_of

_NAMED = 5
_WORDS = 200


class Batch(NamedTuple):
    """A stage that is about to start.

    hosts: its own. playing: all hosts of the rollout that Ansible still has. well: the statuses that a store may have
    after its stage; None where they say nothing, as in check mode.
    """

    hosts: Collection[str]
    playing: Collection[str]
    well: Collection[str] | None


def why_stopped(
    rollout: Mapping[str, Any], hostvars: Mapping[str, Mapping[str, Any]], batch: Batch, max_lost: int = 0
) -> str:
    """A sentence that says why the stage does not start; empty where it does.

    rollout: as the filter rollout_plan returns it. hostvars: by host, its variables; audit_result is the last audit,
    commerce_rollout_failure says why the host's stage has failed. A stage that lost all of its stores is the last one,
    whatever max_lost allows.
    """
    stages = rollout["stages"]
    number = _number(stages, batch.hosts)
    lost = [_lost(stage, hostvars, batch) for stage in stages[: number - 1]]
    total = sum(len(each) for each in lost)
    whole = number > 1 and len(lost[-1]) == len(stages[number - 2]["stores"])
    if total <= max_lost and not whole:
        return ""
    because = f"stage {number - 1} lost all of its stores" if whole else f"commerce_max_lost is {max_lost}"
    return (
        f"The rollout stops before stage {number} of {len(stages)}: {because}. "
        f"Lost since the plan: {_told([each for stage in lost for each in stage.values()])}. "
        "Stores of stages that did not start are as they were. Look after what was lost, then run again."
    )


def why_closed(rollout: Mapping[str, Any], hosts: Collection[str], window: Mapping[str, Any]) -> str:
    """A sentence that says that the stage of these hosts may not start now; empty where it may.

    window: as the filter rollout_window returns it.
    """
    if window["open"]:
        return ""
    stages = rollout["stages"]
    number = _number(stages, hosts)
    stores = sum(len(stage["stores"]) for stage in stages[number - 1 :])
    return (
        f"The rollout stops before stage {number} of {len(stages)}. {window['text']} "
        f"Stores that were not come to: {stores}. They are as they were."
    )


def _number(stages, hosts) -> int:
    return next(stage["number"] for stage in stages if not set(hosts).isdisjoint(stage["hosts"]))


def _lost(stage, hostvars, batch) -> dict[str, str]:
    """The stores of a stage of which a node is not well, and which and why, in words."""
    lost: dict[str, str] = {}
    for host in stage["hosts"]:
        variables = hostvars[host]
        why = _why_lost(host, variables, batch)
        if why:
            store = store_of(host, variables)
            where = host if host == store else f"{store} ({host})"
            lost.setdefault(store, f"{where}: {why}")
    return lost


def _why_lost(host, variables, batch) -> str:
    failure = variables.get("commerce_rollout_failure")
    if failure:
        return " ".join(str(failure).split())[:_WORDS]
    if host not in batch.playing:
        return "it is lost to this run"
    if batch.well is None:
        return ""
    audit = (variables.get("audit_result") or {}).get("audit")
    if audit is None:
        return "its audit has no result"
    return "" if audit["status"] in batch.well else f"{audit['status']} ({audit['reason']})"


def _told(lost: Sequence[str]) -> str:
    named = "; ".join(each.rstrip(".") for each in lost[:_NAMED])
    return named + (f"; and {len(lost) - _NAMED} more" if len(lost) > _NAMED else "")
