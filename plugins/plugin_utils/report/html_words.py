# Copyright (c) 2026, the storefleet.commerce authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Times, figures and names as a person reads them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from . import plain

# Without the locale of whoever renders: equal reports give equal pages everywhere.
_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
_NAMES = {"rest": "REST", "graphql": "GraphQL", "soap": "SOAP", "no_customer_api": "no customer API"}
# A host that was lost on the way is another thing than one that lost the fix since the last report.
_OUTCOMES = {"lost": "lost on the way"}


def outcome(word: str) -> str:
    """What became of a host in the run, as it is said."""
    return _OUTCOMES.get(word) or human(word)


def human(word: str) -> str:
    """One of our own words, such as will_regress, as it is said."""
    return _NAMES.get(word, word.replace("_", " "))


def counted(count: int, noun: str) -> str:
    """A count with its noun, such as "1 store" or "1,200 stores"."""
    return f"{count:,} {noun}" if count == 1 else f"{count:,} {noun}s"


def noun_of(report: Mapping[str, Any]) -> str:
    """What an entry of the report is: a store, or one of the hosts that make up a store."""
    return "store" if report["totals"]["hosts"] == report["totals"]["stores"] else "host"


def moment(time: str) -> str:
    """A time of the report, such as 2026-11-23T21:40:05Z, as "23 Nov 2026, 21:40 UTC"."""
    then = plain.moment(time)
    return f"{day(time)}, {then:%H:%M} UTC"


def day(time: str) -> str:
    """The day of a time of the report, such as "23 Nov 2026"."""
    then = plain.moment(time)
    return f"{then.day} {_MONTHS[then.month - 1]} {then.year}"


def duration(seconds: float) -> str:
    """A length of time, such as "2 h 5 min", "1 min 10 s" or "0.4 s"."""
    if seconds < 10:
        return f"{seconds:.1f} s".replace(".0 ", " ")
    whole = round(seconds)
    if whole < 60:
        return f"{whole} s"
    minutes, rest = divmod(whole, 60)
    if minutes < 60:
        return f"{minutes} min {rest} s" if rest else f"{minutes} min"
    hours, minutes = divmod(minutes, 60)
    return f"{hours} h {minutes} min" if minutes else f"{hours} h"
