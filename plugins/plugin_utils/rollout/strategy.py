# Copyright (c) 2026, the storefleet.commerce authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""How a store is changed: beside its live release, or in place. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

AUTO = "auto"
STAGED = "staged"
IN_PLACE = "in_place"


PRESENT = "present"
INSTALL = "install"

# What stands in the files where Composer has something to do: only a stage can be given to it.
_NEEDS_TOOL = ("tool_missing", "tool_too_old")
_NEEDS_REPAIR = ("partial", "conflict")


def strategy_of(
    wanted: str,
    audits: Iterable[Mapping[str, Any]],
    nodes: int,
    state: str = PRESENT,
    tool: str = "as_is",
    repair_partial: bool = False,
) -> str:
    """STAGED or IN_PLACE, by commerce_strategy, the audits of a store's nodes that there are, and the number of nodes.

    state: present or absent. tool, repair_partial: commerce_tool and commerce_repair_partial.
    Several nodes change in step, which only the staged way does. Of an interrupted store nobody knows yet whether it
    is compiled. What a switch has kept of the release before can only be switched back.
    """
    if wanted != AUTO:
        return wanted
    audits = list(audits)
    stores = [audit["store"] for audit in audits]
    if nodes > 1 or any(store["compiled"] is True or store["interrupted"] is True for store in stores):
        return STAGED
    if state != PRESENT and any(store.get("kept") is True for store in stores):
        return STAGED
    composed = _NEEDS_TOOL * (tool == INSTALL) + _NEEDS_REPAIR * repair_partial
    return STAGED if any(_in_files(audit) in composed for audit in audits) else IN_PLACE


def _in_files(audit: Mapping[str, Any]) -> Any:
    return ((audit.get("evidence") or {}).get("patch") or {}).get("files")
