# Copyright (c) 2026, the storefleet.commerce authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""JSON among other lines: PHP prints its warnings to the same output, before a program's own words or after them."""

from __future__ import annotations

import json
import re
from typing import Any, Iterator

_DECODER = json.JSONDecoder()


def printed_values(text: str, start: str) -> Iterator[Any]:
    """The values in text that begin with start, a bracket, at the beginning of a line; outer ones only."""
    end = 0
    for found in re.finditer("^" + re.escape(start), text, re.MULTILINE):
        if found.start() < end:
            continue
        try:
            value, end = _DECODER.raw_decode(text, found.start())
        except (ValueError, RecursionError):
            # Such as the time in brackets before a line of a log.
            continue
        yield value
