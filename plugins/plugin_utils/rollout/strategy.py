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


def strategy_of(wanted: str, audits: Iterable[Mapping[str, Any]], nodes: int) -> str:
    """STAGED or IN_PLACE, by commerce_strategy, the audits of a store's nodes that there are, and the number of nodes.

    Several nodes change in step, which only the staged way does. Of an interrupted store nobody knows yet whether it
    is compiled.
    """
    if wanted != AUTO:
        return wanted
    stores = [audit["store"] for audit in audits]
    if nodes > 1 or any(store["compiled"] is True or store["interrupted"] is True for store in stores):
        return STAGED
    return IN_PLACE
