# Copyright (c) 2026, the storefleet.commerce authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Lengths of time as an operator writes them."""

from __future__ import annotations

import pytest

from ansible_collections.storefleet.commerce.plugins.module_utils.durations import seconds_of
from ansible_collections.storefleet.commerce.plugins.module_utils.errors import CommerceError


@pytest.mark.parametrize(
    ("text", "seconds"), [("0", 0), ("90", 90), ("90s", 90), ("15m", 900), ("24h", 86400), (" 7 d ", 604800)]
)
def test_a_number_with_a_unit(text: str, seconds: int) -> None:
    assert seconds_of(text) == seconds


@pytest.mark.parametrize("text", ["", "h", "-1", "1.5h", "1w", "1h30m"])
def test_anything_else_is_refused(text: str) -> None:
    with pytest.raises(CommerceError) as raised:
        seconds_of(text)
    assert raised.value.code == "bad_duration"
