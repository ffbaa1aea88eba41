# Copyright (c) 2026, the storefleet.commerce authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A waiver: somebody's decision, with a reason and a last day, that a store which is not well is accepted as it is."""

from __future__ import annotations

import datetime
from typing import Any, Mapping, NamedTuple

from .errors import CommerceError


class Waiver(NamedTuple):
    """expires: the last day on which it is in force, YYYY-MM-DD by UTC; expired: whether that day is over."""

    reason: str
    expires: str
    expired: bool


def waiver_of(given: Mapping[str, Any], today: datetime.date) -> Waiver:
    """The waiver as an operator wrote it: a mapping with reason and expires.

    today: by UTC, and the same for all hosts of a run. A waiver without a reason, or without a day of the calendar,
    raises CommerceError.
    """
    reason = " ".join(str(given.get("reason") or "").split())
    if not reason:
        raise _bad(given, "it has no reason", "Say in its reason why the store is accepted as it is.")
    last_day = _day(given)
    return Waiver(reason, last_day.isoformat(), today > last_day)


def _day(given) -> datetime.date:
    # YAML makes a date of an unquoted one, whose text is the same.
    text = str(given.get("expires") or "")
    try:
        day = datetime.date.fromisoformat(text)
    except ValueError:
        day = None
    # From 3.11 on, Python reads other forms too, which older hosts would refuse.
    if day is None or day.isoformat() != text:
        raise _bad(given, "expires is {0!r}, which is no day".format(text), "Give its last day as YYYY-MM-DD.")
    return day


def _bad(given, came_back, next_step):
    on = given.get("host") or "this store"
    return CommerceError("take the waiver", on, came_back, next_step, code="bad_waiver")
