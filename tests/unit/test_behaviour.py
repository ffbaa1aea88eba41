# Copyright (c) 2026, the storefleet.commerce authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What behaviour says of a change."""

from __future__ import annotations

import pytest

from ansible_collections.storefleet.commerce.plugins.module_utils.behaviour import (
    in_words,
    is_fixed,
    serves_as_before,
    still_serves,
)


@pytest.mark.parametrize(
    ("behaviour", "fixed", "serves"),
    [
        ("fixed fixed", True, True),
        ("fixed closed", True, True),
        ("fixed defective", False, True),
        ("closed closed", False, True),
        ("fixed broken", False, False),
        ("fixed not_testable", False, False),
    ],
)
def test_fixed_and_serving(behaviour: str, fixed: bool, serves: bool) -> None:
    found = dict(zip(("rest", "soap"), behaviour.split(), strict=True))
    assert (is_fixed(found), still_serves(found)) == (fixed, serves)


@pytest.mark.parametrize(
    ("before", "after", "same"),
    [
        ("defective", "defective", True),
        ("defective", "fixed", True),
        ("fixed", "defective", False),
        ("broken", "broken", True),
        ("closed", "not_testable", False),
    ],
)
def test_serving_as_before(before: str, after: str, same: bool) -> None:
    assert serves_as_before({"rest": before}, {"rest": after}) == same


def test_words() -> None:
    assert in_words({"soap": "closed", "rest": "fixed"}) == "rest fixed, soap closed"
