# Copyright (c) 2026, the storefleet.commerce authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Text of stores and their hosts, made fit for a line of a terminal or a cell: it may hold anything."""

from __future__ import annotations

import re
from datetime import datetime, timezone

# The control characters (a terminal acts on them), and the signs that turn the direction of writing.
_UNSEEN = re.compile("[\x00-\x08\x0e-\x1b\x7f-\x84\x86-\x9f\u200e\u200f\u202a-\u202e\u2066-\u2069\ud800-\udfff]")


def one_line(text: object) -> str:
    """The text without control characters, any white space in it a single blank."""
    return " ".join(_UNSEEN.sub("", str(text)).split())


def moment(timestamp: str | None) -> datetime | None:
    """A time as a report has it, "2026-11-23T21:40:05Z"; None stays None."""
    if timestamp is None:
        return None
    return datetime.strptime(timestamp, "%Y-%m-%dT%H:%M:%SZ").replace(tzinfo=timezone.utc)


def seconds_between(started: str | None, ended: str | None) -> float | None:
    """How long it was from one time of a report to another; None where one of them is not known."""
    return (moment(ended) - moment(started)).total_seconds() if started and ended else None
