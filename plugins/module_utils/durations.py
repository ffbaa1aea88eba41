# Copyright (c) 2026, the storefleet.commerce authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Lengths of time as an operator writes them."""

from __future__ import annotations

import re

from .errors import CommerceError

_UNITS = {"": 1, "s": 1, "m": 60, "h": 3600, "d": 86400}


def seconds_of(text: str) -> int:
    """Seconds of a number with a unit (s, m, h, d; seconds without one), such as 24h. CommerceError bad_duration."""
    found = re.fullmatch(r"\s*(\d+)\s*([smhd]?)\s*", str(text))
    if not found:
        raise CommerceError(
            "read a length of time",
            repr(text),
            "it is not a number with one of the units s, m, h and d",
            "Write it as 90, 15m, 24h or 7d.",
            code="bad_duration",
        )
    return int(found.group(1)) * _UNITS[found.group(2)]
