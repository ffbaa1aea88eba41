# Copyright (c) 2026, the storefleet.commerce authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The figures of a report."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from typing import Any

from .terms import STATES, STATUSES, WELL


def totals_of(entries: Iterable[Mapping[str, Any]]) -> dict[str, Any]:
    """How many hosts and stores there are, how many hosts are well, and how many there are of each kind."""
    entries = list(entries)
    statuses = Counter(entry["status"] for entry in entries)
    states = Counter(entry["state"] for entry in entries)
    return {
        "hosts": len(entries),
        "stores": len({entry["store"] for entry in entries}),
        "well": sum(statuses[status] for status in WELL),
        "by_status": {status: statuses[status] for status in STATUSES},
        "by_state": {state: states[state] for state in STATES},
        "by_reason": _counted(entry["reason"] for entry in entries),
        "by_outcome": _counted(entry["outcome"] for entry in entries if entry["outcome"]),
    }


def _counted(words):
    return dict(sorted(Counter(words).items()))
