# Copyright (c) 2026, the storefleet.commerce authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Whether a rollout goes on: before each stage, and after the last one. Pure."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import Any, NamedTuple

from .audited import store_of

# Why a rollout stops. Only the first two are reasons to take back what it has done so far.
LOST = "lost"
REFUSED = "refused"
CLOSED = "closed"
GOES_ON: Mapping[str, str] = {"kind": "", "text": ""}
_NAMED = 5
_WORDS = 200


class Batch(NamedTuple):
    """A stage that is about to start.

    hosts: its own; none after the last stage. playing: all hosts of the rollout that Ansible still has. well: the
    statuses that a store may have after its stage; None where they say nothing, as in check mode.
    """

    hosts: Collection[str]
    playing: Collection[str]
    well: Collection[str] | None


def why_stopped(
    rollout: Mapping[str, Any], hostvars: Mapping[str, Mapping[str, Any]], batch: Batch, max_lost: int = 0
) -> str:
    """Why the stage does not start, or after the last one what the rollout has lost, in sentences; else empty.

    rollout: as the filter rollout_plan returns it. hostvars: by host, its variables; audit_result is the last audit,
    commerce_rollout_failure says why the host's stage has failed. A stage that lost all of its stores is the last one,
    whatever max_lost allows.
    """
    stages = rollout["stages"]
    number = number_of(rollout, batch.hosts)
    lost = [_lost(stage, hostvars, batch) for stage in stages[: number - 1]]
    total = sum(len(each) for each in lost)
    whole = number > 1 and len(lost[-1]) == len(stages[number - 2]["stores"])
    if total <= max_lost and not whole:
        return ""
    because = f"stage {number - 1} lost all of its stores" if whole else f"commerce_max_lost is {max_lost}"
    told = f"Lost since the plan: {_told([each for stage in lost for each in stage.values()])}. "
    if number > len(stages):
        return f"The rollout has lost too much: {because}. {told}Look after what was lost, then run again."
    return (
        f"The rollout stops before stage {number} of {len(stages)}: {because}. {told}"
        "Stores of stages that did not start are as they were. Look after what was lost, then run again."
    )


def why_closed(rollout: Mapping[str, Any], hosts: Collection[str], window: Mapping[str, Any]) -> str:
    """Sentences that say that the stage of these hosts may not start now; empty where it may.

    window: as the filter rollout_window returns it, asked with the seconds that the stage takes.
    """
    return "" if window["fits"] else _before(rollout, hosts, window["text"])


def why_refused(rollout: Mapping[str, Any], hosts: Collection[str], answer: str) -> str:
    """Sentences that say that the stage of these hosts was not approved. answer: what was said instead, in words."""
    return _before(rollout, hosts, f"It was not approved: {answer.rstrip('.')}.")


def stop_before(rollout: Mapping[str, Any], hostvars: Mapping[str, Mapping[str, Any]]) -> Mapping[str, str] | None:
    """What has stopped the rollout before one of its stages, as the fact commerce_rollout_stopped of its hosts says."""
    for stage in rollout["stages"]:
        for host in stage["hosts"]:
            stopped = hostvars[host].get("commerce_rollout_stopped") or GOES_ON
            if stopped["text"]:
                return stopped
    return None


def number_of(rollout: Mapping[str, Any], hosts: Collection[str]) -> int:
    """The number of the stage of these hosts, from 1; without hosts, the one that would come after the last."""
    stages = rollout["stages"]
    mine = (stage["number"] for stage in stages if not set(hosts).isdisjoint(stage["hosts"]))
    return next(mine, len(stages) + 1)


def _before(rollout, hosts, why):
    stages = rollout["stages"]
    number = number_of(rollout, hosts)
    stores = sum(len(stage["stores"]) for stage in stages[number - 1 :])
    return (
        f"The rollout stops before stage {number} of {len(stages)}. {why} "
        f"Stores that were not come to: {stores}. They are as they were."
    )


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
    result = variables.get("audit_result") or {}
    audit = result.get("audit")
    if audit is None:
        return "it is unreachable" if result.get("unreachable") else "its audit has no result"
    return "" if audit["status"] in batch.well else f"{audit['status']} ({audit['reason']})"


def _told(lost: Sequence[str]) -> str:
    named = "; ".join(each.rstrip(".") for each in lost[:_NAMED])
    return named + (f"; and {len(lost) - _NAMED} more" if len(lost) > _NAMED else "")
