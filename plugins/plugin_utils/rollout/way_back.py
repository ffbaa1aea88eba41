# Copyright (c) 2026, the storefleet.commerce authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Which stores a rollout that stopped takes back. Pure.

hostvars is by host, its variables: audit_result is its last audit, remediate_reached the last step that the role has
done on it, and commerce_rollout_before what its audit said of the patch before its stage.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import Any

from .audited import NOT_IN_THE_FILES
from .gate import LOST, REFUSED

HAD_IT = "it had the patch before this run"
LOST_ITSELF = "it is lost itself"
# Steps of the role after which a node is repaired: of a switch in one call, of one in several, and in place.
_REPAIRED = ("whole", "keep", "live")


def way_back(
    rollout: Mapping[str, Any],
    hostvars: Mapping[str, Mapping[str, Any]],
    playing: Collection[str],
    well: Collection[str],
    kind: str,
) -> dict[str, Any]:
    """What the filter rollout_way_back returns.

    playing: the hosts that Ansible still has. well: the statuses of a repaired store. kind: why the rollout stopped.
    """
    hosts: list[str] = []
    left: dict[str, str] = {}
    for nodes in rollout["nodes"].values() if kind in (LOST, REFUSED) else ():
        if not any(_is_repaired(hostvars[node]) for node in nodes):
            continue
        why = _why_not(nodes, hostvars, playing, well)
        if why:
            left.update(dict.fromkeys(nodes, why))
        else:
            hosts.extend(nodes)
    return {"hosts": hosts, "left": left}


def _why_not(nodes: Sequence[str], hostvars, playing, well) -> str:
    if not all(node in playing and _is_repaired(hostvars[node]) and _status(hostvars[node]) in well for node in nodes):
        return LOST_ITSELF
    if any(hostvars[node].get("commerce_rollout_before") not in NOT_IN_THE_FILES for node in nodes):
        return HAD_IT
    return ""


def _is_repaired(variables) -> bool:
    return variables.get("remediate_reached") in _REPAIRED


def _status(variables):
    return ((variables.get("audit_result") or {}).get("audit") or {}).get("status")
