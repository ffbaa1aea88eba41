# Copyright (c) 2026, the storefleet.commerce authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What behaviour says of a change."""

from __future__ import annotations

import pytest

from ansible_collections.storefleet.commerce.plugins.module_utils.advisory import ACSD_61103
from ansible_collections.storefleet.commerce.plugins.module_utils.behaviour import (
    has_advisory,
    in_words,
    is_as_wanted,
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


@pytest.mark.parametrize(
    ("patches", "changed", "layout", "has"),
    [
        (["ACSD-61103"], (), "composer", True),
        (["ACSD-1", "ACSD-61103"], (), "composer", True),
        (["ACSD-1"], (), "composer", False),
        ([], (), "composer", False),
        # It comes with another that requires it.
        (["ACSD-1"], ("a.php", *ACSD_61103.files), "composer", True),
        (["ACSD-1"], ACSD_61103.files[1:], "composer", False),
        (["ACSD-1"], ACSD_61103.files, "git", False),
    ],
)
def test_of_which_patches_the_effect_on_logins_is_known(patches, changed, layout: str, has: bool) -> None:
    assert has_advisory(patches, changed, layout) is has


@pytest.mark.parametrize(
    ("has_effect", "present", "before", "after", "wanted"),
    [
        (True, True, "defective", "fixed", True),
        (True, True, "defective", "defective", False),
        (True, False, "fixed", "defective", True),
        (True, False, "fixed", "broken", False),
        # Another patch may not take away what is there, nor is it asked for what it does not do.
        (False, True, "fixed", "fixed", True),
        (False, True, "defective", "defective", True),
        (False, True, "defective", "fixed", True),
        (False, True, "fixed", "defective", False),
        (False, False, "fixed", "defective", False),
        (False, True, "closed", "closed", True),
        (False, True, "closed", "fixed", True),
        (False, True, "fixed", "closed", False),
        (False, True, "broken", "broken", False),
        (False, True, None, "defective", True),
        (False, True, None, "broken", False),
        (False, True, None, "not_testable", False),
    ],
)
def test_what_a_store_has_to_do_with_patches(has_effect, present, before, after, wanted: bool) -> None:
    first = before and {"rest": before}
    assert is_as_wanted(has_effect, present, {"rest": after}, first) is wanted


def test_words() -> None:
    assert in_words({"soap": "closed", "rest": "fixed"}) == "rest fixed, soap closed"
