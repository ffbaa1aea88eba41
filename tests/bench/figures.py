# Copyright (c) 2026, the storefleet.commerce authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Figures in words: medians, ratios with their targets, and tables in Markdown."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from statistics import median


def seconds(values: Iterable[float]) -> str:
    """The median."""
    return f"{median(values):.2f} s"


def milliseconds(values: Iterable[float]) -> str:
    """The median of values in seconds."""
    return f"{median(values) * 1000:.1f} ms"


def fastest(values: Iterable[float]) -> str:
    """The least of values in seconds: what a part takes where nothing else keeps the machine busy."""
    return f"{min(values) * 1000:.1f} ms"


def spread(values: Sequence[float]) -> str:
    """How far the rounds lie apart, as a share of the median."""
    return f"{(max(values) - min(values)) / median(values):.0%}"


def ratio(values: Sequence[float], measure: Sequence[float]) -> float:
    """The median of the ratios round by round: a machine that is slower for a while slows both parts of one."""
    return median(value / unit for value, unit in zip(values, measure, strict=True))


def target(value: float, limit: float, at_least: bool = False) -> str:
    """A limit, and whether the value meets it."""
    met = value >= limit if at_least else value <= limit
    return f"{'>=' if at_least else '<='} {limit:g}: {'met' if met else 'MISSED'}"


def table(columns: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """A table whose columns are as wide as their widest cell; all but the first are aligned to the right."""
    lines = [list(columns), *(list(row) for row in rows)]
    widths = [max(len(line[place]) for line in lines) for place in range(len(columns))]
    under = ["-" * widths[0], *("-" * (width - 1) + ":" for width in widths[1:])]
    cells = [[line[0].ljust(widths[0]), *map(str.rjust, line[1:], widths[1:])] for line in lines]
    return "\n".join(f"| {' | '.join(line)} |" for line in [cells[0], under, *cells[1:]])
