# Copyright (c) 2026, the storefleet.commerce authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""How long the change of a store is expected to take, by what earlier runs took. Pure."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from statistics import median
from typing import Any

from .audited import PRESENT

# What became of a host whose change came to its end, by the state that was asked for.
DONE = {PRESENT: "repaired", "absent": "taken_out"}
# As long as the operator wants it to be, and no property of the store.
SOAK = "soak"
_NEWEST = 5


def expected_seconds(
    reports: Iterable[Mapping[str, Any]], names: Iterable[str], state: str = PRESENT
) -> dict[str, int | None]:
    """Of each host the seconds that its change takes, without a soak, rounded up; None where nothing is known.

    reports: those of earlier runs, the newest first. A host's own changes count, the newest five of them, or else those
    of all hosts: of either the median.
    """
    took = _by_host(reports, DONE[state])
    anybody = _middle([seconds for each in took.values() for seconds in each])
    return {name: _middle(took.get(name, [])[:_NEWEST]) or anybody for name in names}


def _by_host(reports, outcome) -> dict[str, list[float]]:
    took: dict[str, list[float]] = {}
    for report in reports:
        if report["scope"].get("check"):
            continue
        for entry in report["stores"]:
            seconds = sum(spent for step, spent in entry["seconds"].items() if step != SOAK)
            if entry["outcome"] == outcome and seconds > 0:
                took.setdefault(entry["name"], []).append(seconds)
    return took


def _middle(seconds: list[float]) -> int | None:
    return math.ceil(median(seconds)) if seconds else None
