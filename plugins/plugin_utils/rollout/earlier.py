# Copyright (c) 2026, the storefleet.commerce authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Who looks again at the stores of earlier stages before a stage starts. Pure."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import Any

from .gate import number_of


def shares_of(
    rollout: Mapping[str, Any],
    hostvars: Mapping[str, Mapping[str, Any]],
    batch: Sequence[str],
    playing: Collection[str],
) -> dict[str, list[str]]:
    """By each host of the stage that is about to start, the hosts of earlier stages that it has audited on its behalf.

    So they are audited side by side. What is lost already is not looked at again: an answer would change nothing.
    batch: the hosts of the stage. playing: all hosts of the rollout that Ansible still has.
    """
    before = rollout["stages"][: number_of(rollout, batch) - 1]
    alive = set(playing)
    earlier = [
        host
        for stage in before
        for host in stage["hosts"]
        if host in alive and not hostvars[host].get("commerce_rollout_failure")
    ]
    return {host: earlier[at :: len(batch)] for at, host in enumerate(batch)}
