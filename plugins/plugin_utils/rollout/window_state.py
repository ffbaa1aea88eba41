# Copyright (c) 2026, the storefleet.commerce authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Whether the window for switches is open, until when, and whether something still fits into it."""

from __future__ import annotations

import math
from datetime import datetime, timedelta, timezone
from typing import Any

from .window import Opening, openings, parsed


def window_state(window: Any, seconds: float = 0, now: datetime | None = None) -> dict[str, Any]:
    """What the filter rollout_window returns. CommerceError bad_window.

    seconds: how long what is to begin now takes. now: an aware time, the clock's if not given.
    """
    now = now or datetime.now(timezone.utc)
    entries = parsed(window or [])
    if not entries:
        return _state(True, True, "There is no window: a store may be switched at any time.")
    ahead = openings(entries, now)
    if not ahead:
        return _state(False, False, "The window is over, and no other opens.")
    first = ahead[0]
    if first.begin > now:
        return _state(
            False, False, f"The window is closed. It opens on {_local(first, first.begin)}.", opens=first.begin
        )
    left = math.floor((first.end - now).total_seconds())
    opens = ahead[1].begin if len(ahead) > 1 else None
    until = f"The window is open until {_local(first, first.end)}"
    if seconds <= left:
        return _state(True, True, f"{until}.", until=first.end, opens=opens, left=left)
    again = f"It opens again on {_local(ahead[1], opens)}." if opens else "It does not open again."
    text = f"{until}, for {_length(left)}. What is to begin takes about {_length(seconds)}. {again}"
    return _state(True, False, text, until=first.end, opens=opens, left=left)


def _state(
    is_open: bool,
    fits: bool,
    text: str,
    until: datetime | None = None,
    opens: datetime | None = None,
    left: int | None = None,
) -> dict[str, Any]:
    return {
        "open": is_open,
        "fits": fits,
        "until": _iso(until),
        "next_opens": _iso(opens),
        "seconds_left": left,
        "text": text,
    }


def _iso(moment: datetime | None) -> str | None:
    return moment.strftime("%Y-%m-%dT%H:%M:%SZ") if moment else None


def _local(opening: Opening, moment: datetime) -> str:
    """In the zone that the operator has written, such as "Tue 2026-11-24 16:00 Europe/Berlin"."""
    return f"{moment.astimezone(opening.zone):%a %Y-%m-%d %H:%M} {opening.zone.key}"


def _length(seconds: float) -> str:
    """Words for a length of time; what is left is not made longer."""
    if seconds < 120:
        return f"{seconds:.0f} s"
    if seconds < timedelta(hours=2).total_seconds():
        return f"{seconds // 60:.0f} min"
    return f"{seconds // 3600:.0f} h {seconds % 3600 // 60:.0f} min"
