# Copyright (c) 2026, the storefleet.commerce authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Which releases of the tool do, and which must not be installed."""

from __future__ import annotations

import pytest

from ansible_collections.storefleet.commerce.plugins.module_utils.tool_releases import (
    bad_releases,
    is_within,
    least_release,
    narrowed,
    without_bad,
)


@pytest.mark.parametrize("patches", [["ACSD-61103"], ["ACSD-61103", "ACSD-1"], ["ACSD-1"], []])
def test_the_first_release_that_has_the_patch_is_the_least(patches: list) -> None:
    assert least_release(patches) == "1.1.54"


@pytest.mark.parametrize(
    ("base", "bad"),
    [("2.4.4", True), ("2.4.5-p1", True), ("2.4.6", False), ("2.4.3-p3", False), (None, True), ("strange", False)],
)
def test_a_release_is_bad_for_some_commerce_only(base, bad: bool) -> None:
    assert [each.release for each in bad_releases(base)] == (["1.1.56"] if bad else [])


@pytest.mark.parametrize(
    ("release", "constraint", "base", "expected"),
    [
        ("1.1.56", ">=1.1.54", "2.4.5", False),
        ("1.1.56", ">=1.1.54", "2.4.6", True),
        ("1.1.56", "1.1.56 || ^1.1.50", "2.4.5", False),
        ("1.1.57", "~1.0.0 || ^1.1.54", "2.4.5", True),
        ("1.1.53", ">=1.1.54", "2.4.6", False),
        ("dev-main", ">=1.1.54", "2.4.6", False),
        ("nonsense", ">=1.1.54", "2.4.6", False),
        (None, ">=1.1.54", "2.4.6", False),
    ],
)
def test_bad_releases_are_left_out_of_each_alternative(release, constraint, base, expected: bool) -> None:
    assert is_within(release, without_bad(constraint, base)) is expected


@pytest.mark.parametrize(
    ("constraint", "expected"),
    [
        (None, ">=1.1.54 !=1.1.56"),
        ("^1.1", "^1.1 >=1.1.54 !=1.1.56"),
        ("~1.1.50|^2.0", "~1.1.50 >=1.1.54 !=1.1.56 || ^2.0 >=1.1.54 !=1.1.56"),
        ("dev-main", None),
        ("1.1.x-dev as 1.1.60", None),
        ("^1.1@beta", None),
    ],
)
def test_only_a_part_of_what_composer_json_says_can_be_asked_for(constraint, expected) -> None:
    assert narrowed(constraint, ">=1.1.54 !=1.1.56") == expected
