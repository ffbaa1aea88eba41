# Copyright (c) 2026, the storefleet.commerce authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""When a store may be switched: commerce_window as an operator writes it, and as moments."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from datetime import datetime, time, timedelta, timezone, tzinfo
from typing import Any, NamedTuple

from zoneinfo import ZoneInfo

from ansible_collections.storefleet.commerce.plugins.module_utils.errors import CommerceError

DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_DAY = timedelta(days=1)
# Two weeks: a weekly window that falls into the hour that summer time takes away opens a week later.
_AHEAD = 15

_WEEKLY = re.compile(
    r"(?:(?P<days>[a-z]+(?:\s*(?:,|-|\.\.)\s*[a-z]+)*)\s+)?"
    r"(?P<begin>\d{1,2}:\d{2})\s*-\s*(?P<end>\d{1,2}:\d{2})(?:\s+(?P<zone>\S+))?",
    re.IGNORECASE,
)
_INTERVAL = re.compile(r"(?P<begin>\d{4}-\d\d-\d\dT\S+?)/(?P<end>\d{4}-\d\d-\d\dT\S+?)(?:\s+(?P<zone>\S+))?")


class Opening(NamedTuple):
    """From begin to before end, both in UTC. zone: the time zone that the operator thinks in."""

    begin: datetime
    end: datetime
    zone: ZoneInfo


class Weekly(NamedTuple):
    """On days (0 is Monday) from begin to end, minutes since midnight; an end before begin is on the next day."""

    days: frozenset[int]
    begin: int
    end: int
    zone: ZoneInfo

    def openings(self, now: datetime) -> Iterator[Opening]:
        """Those that may matter now: from yesterday's, which may go over midnight, to those of the next two weeks."""
        today = now.astimezone(self.zone).date()
        end = self.end if self.end > self.begin else self.end + 24 * 60
        for number in range(-1, _AHEAD):
            day = today + number * _DAY
            if day.weekday() in self.days:
                yield from _opening(self._at(day, self.begin), self._at(day, end), self.zone)

    def _at(self, day, minutes: int) -> datetime:
        """What clocks show: the day has 23 hours when summer time begins, and 25 when it ends."""
        more, rest = divmod(minutes, 24 * 60)
        return datetime.combine(day + more * _DAY, time(rest // 60, rest % 60), self.zone)


class Interval(NamedTuple):
    """Once, from begin to end."""

    begin: datetime
    end: datetime
    zone: ZoneInfo

    def openings(self, dummy_now: datetime) -> Iterator[Opening]:
        """The only one."""
        yield from _opening(self.begin, self.end, self.zone)


def parsed(window: Any) -> list[Weekly | Interval]:
    """The entries of commerce_window, a list of texts or one text. CommerceError bad_window."""
    entries = [window] if isinstance(window, str) else window
    if not isinstance(entries, Sequence):
        raise _refused(window, "it is not a list of texts")
    return [_entry(entry) for entry in entries]


def openings(entries: Sequence[Weekly | Interval], now: datetime) -> list[Opening]:
    """Those that have not ended, in the order of time; such as touch or overlap are one."""
    found = [opening for entry in entries for opening in entry.openings(now) if opening.end > now]
    merged: list[Opening] = []
    for opening in sorted(found, key=lambda one: one.begin):
        if merged and opening.begin <= merged[-1].end:
            last = merged.pop()
            later = max(last, opening, key=lambda one: one.end)
            opening = Opening(last.begin, later.end, later.zone)
        merged.append(opening)
    return merged


def moment_of(text: str, zone: tzinfo = timezone.utc) -> datetime:
    """The moment of a date and time as ISO 8601 writes it, in zone if it names none. ValueError if it is none."""
    # Python 3.10 does not know the Z.
    moment = datetime.fromisoformat(re.sub("[zZ]$", "+00:00", text))
    return moment if moment.tzinfo else moment.replace(tzinfo=zone)


def _opening(begin: datetime, end: datetime, zone: ZoneInfo) -> Iterator[Opening]:
    # Summer time may begin in a window, and leave nothing of it.
    utc = (begin.astimezone(timezone.utc), end.astimezone(timezone.utc))
    if utc[0] < utc[1]:
        yield Opening(*utc, zone)


def _entry(entry: Any) -> Weekly | Interval:
    text = entry.strip() if isinstance(entry, str) else ""
    weekly = _WEEKLY.fullmatch(text)
    if weekly:
        days = _days(entry, weekly["days"]) if weekly["days"] else frozenset(range(7))
        begin, end = _minutes(entry, weekly["begin"]), _minutes(entry, weekly["end"])
        if begin == 24 * 60:
            raise _refused(entry, "no day begins at 24:00", "Write 00:00, and the next day.")
        if begin == end:
            raise _refused(entry, "it ends when it begins", "Write 00:00-24:00 for a whole day.")
        return Weekly(days, begin, end, _zone(entry, weekly["zone"]))
    interval = _INTERVAL.fullmatch(text)
    if interval:
        zone = _zone(entry, interval["zone"])
        begin, end = _moment(entry, interval["begin"], zone), _moment(entry, interval["end"], zone)
        if begin >= end:
            raise _refused(entry, "it does not end after it begins")
        return Interval(begin, end, zone)
    raise _refused(entry, "it has neither of the two forms")


def _days(entry: str, text: str) -> frozenset[int]:
    days: set[int] = set()
    for part in re.split(r"\s*,\s*", text.lower()):
        names = re.split(r"\s*(?:-|\.\.)\s*", part)
        numbers = [_day(entry, name) for name in names]
        if len(numbers) > 2:
            raise _refused(entry, f"{part} is no range of days")
        first, last = numbers[0], numbers[-1]
        # Fri-Mon goes over the end of the week.
        days.update((first + step) % 7 for step in range((last - first) % 7 + 1))
    return frozenset(days)


def _day(entry: str, name: str) -> int:
    full = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
    if name in DAYS:
        return DAYS.index(name)
    if name in full:
        return full.index(name)
    raise _refused(entry, f"{name} is no day of the week", "The days are Mon, Tue, Wed, Thu, Fri, Sat and Sun.")


def _minutes(entry: str, text: str) -> int:
    hours, minutes = (int(part) for part in text.split(":"))
    if minutes > 59 or hours * 60 + minutes > 24 * 60:
        raise _refused(entry, f"{text} is no time of a day")
    return hours * 60 + minutes


def _moment(entry: str, text: str, zone: ZoneInfo) -> datetime:
    try:
        return moment_of(text, zone)
    except ValueError:
        raise _refused(entry, f"{text} is no date and time") from None


def _zone(entry: str, name: str | None) -> ZoneInfo:
    try:
        return ZoneInfo(name or "UTC")
    # What is raised for a folder of the database, or for a path out of it, differs between versions of Python.
    except (KeyError, ValueError, OSError):
        raise _refused(
            entry,
            f"this machine knows no time zone {name or 'UTC'}",
            "Name one as Europe/Berlin or UTC. If it is right, install tzdata on this machine.",
        ) from None


def _refused(entry: Any, came_back: str, next_step: str = "") -> CommerceError:
    return CommerceError(
        "read a time",
        f"commerce_window {entry!r}",
        came_back,
        next_step or "Write it as Mon-Thu 09:00-16:00 Europe/Berlin, or as 2026-11-24T01:00Z/2026-11-24T04:00Z.",
        code="bad_window",
    )
