# Copyright (c) 2026, the storefleet.commerce authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The figures of the page's two charts. What they show is said in words beside them, so that nobody has to see them."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, NamedTuple

# Of a whole that is 100 long: a thinner part could not be seen. The gap keeps neighbours apart without their colours.
_THINNEST = 1.5
_GAP = 0.6

# More versions than this are summed up in a last row.
_VERSIONS = 12
NOT_KNOWN = "not known"


class Part(NamedTuple):
    """A status's part of a whole that is 100 long: where it begins, and how long it is drawn."""

    status: str
    count: int
    start: float
    length: float


class Version(NamedTuple):
    """A version of Commerce: on how many hosts it is, and how many of them have each status.

    parts: of this version's own hosts.
    """

    name: str
    count: int
    parts: list[Part]


def donut_of(totals: Mapping[str, Any], order: Sequence[str]) -> dict[str, Any]:
    """The ring: percent, which is 100 only if every host is well, and the parts in the given order of statuses."""
    hosts = totals["hosts"]
    return {
        "percent": totals["well"] * 100 // hosts if hosts else 0,
        "parts": parts_of(totals["by_status"], order),
    }


def parts_of(counts: Mapping[str, int], order: Sequence[str]) -> list[Part]:
    """The parts of those statuses that occur. A thin one is drawn thicker at the cost of the others."""
    present = [(status, counts[status]) for status in order if counts.get(status)]
    total = sum(count for dummy, count in present)
    drawn = [max(_THINNEST, 100 * count / total) for dummy, count in present]
    gap = _GAP if len(present) > 1 else 0
    parts, start = [], 0.0
    for (status, count), length in zip(present, drawn):
        length = 100 * length / sum(drawn)
        parts.append(Part(status, count, round(start, 2), round(length - gap, 2)))
        start += length
    return parts


def versions_of(entries: Iterable[Mapping[str, Any]], order: Sequence[str]) -> list[Version]:
    """The versions in their order, those that cannot be told last; the rarest of very many are one row."""
    counts: dict[str, Counter[str]] = {}
    for entry in entries:
        counts.setdefault(entry["version"] or NOT_KNOWN, Counter())[entry["status"]] += 1
    by_size = sorted(counts, key=lambda name: (-counts[name].total(), _natural(name)))
    shown, rest = by_size[:_VERSIONS], by_size[_VERSIONS:]
    rows = [(name, counts[name]) for name in sorted(shown, key=_natural)]
    if rest:
        rows.append((f"{len(rest)} more", sum((counts[name] for name in rest), Counter())))
    return [Version(name, count.total(), parts_of(count, order)) for name, count in rows]


def _natural(name):
    """2.4.6-p10 after 2.4.6-p8."""
    return (
        name == NOT_KNOWN,
        [(int(part), "") if part.isdecimal() else (-1, part) for part in re.split(r"(\d+)", name)],
    )
