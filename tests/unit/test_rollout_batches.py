# Copyright (c) 2026, the storefleet.commerce authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""How many stores each stage reaches, and which shares make no sense."""

from __future__ import annotations

from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ansible_collections.storefleet.commerce.plugins.module_utils.errors import CommerceError
from ansible_collections.storefleet.commerce.plugins.plugin_utils.rollout.batches import DEFAULT, ends_of


@pytest.mark.parametrize(
    ("total", "batches", "ends"),
    [
        (340, DEFAULT, [1, 34, 170, 340]),
        (341, DEFAULT, [1, 35, 171, 341]),
        (8, DEFAULT, [1, 4, 8]),
        (1, DEFAULT, [1]),
        (0, DEFAULT, []),
        (3, ["100%"], [3]),
        (100, [1, 5, 20, "100%"], [1, 5, 20, 100]),
        (12, [1, 5, 20, "100%"], [1, 5, 12]),
        # A share of a small fleet is less than the number before it: no stage.
        (50, [10, "10%", "100%"], [10, 50]),
        (50, ["10%", 2, "100%"], [5, 50]),
        (200, ["1%", "2%", "100%"], [2, 4, 200]),
        (10, ["1", " 50 % ", "100%"], [1, 5, 10]),
        (10, "1, 50%,100%", [1, 5, 10]),
        (10, (2, "100%"), [2, 10]),
    ],
)
def test_shares_of_stores(total: int, batches: Any, ends: list[int]) -> None:
    assert ends_of(total, batches) == ends


@pytest.mark.parametrize(
    ("batches", "sentence"),
    [
        ([], "it is not a list with at least one share"),
        ("", "'' is neither a number of stores nor a percentage"),
        (5, "it is not a list"),
        (None, "it is not a list"),
        ({"1": "100%"}, "it is not a list"),
        ([1, 1, "100%"], "1 comes after 1, and shares have to grow"),
        ([5, "10%", 4, "100%"], "4 comes after 5, and shares have to grow"),
        (["50%", "10%", "100%"], "10% comes after 50%, and shares have to grow"),
        (["100%", "100%"], "100% comes after 100%, and shares have to grow"),
        (["100%", 5], "5 comes after 100%, and then no store is left"),
        ([1, "50%"], "the last share is 50%. The last must be 100%"),
        ([1, 5], "the last share is 5. The last must be 100%"),
        ([0, "100%"], "0 is not within 1 and more"),
        (["0%", "100%"], "0% is not within 1% to 100%"),
        (["150%"], "150% is not within 1% to 100%"),
        (["-1", "100%"], "'-1' is neither a number of stores nor a percentage"),
        ([-1, "100%"], "-1 is neither"),
        ([1.5, "100%"], "1.5 is neither"),
        (["1.5%", "100%"], "'1.5%' is neither"),
        ([True, "100%"], "True is neither"),
        ([None, "100%"], "None is neither"),
        (["%"], "'%' is neither"),
        (["²%", "100%"], "'²%' is neither"),
        (["a", "100%"], "'a' is neither"),
    ],
)
def test_shares_that_make_no_sense(batches: Any, sentence: str) -> None:
    with pytest.raises(CommerceError) as raised:
        ends_of(1000, batches)
    assert raised.value.code == "bad_batches"
    assert sentence in str(raised.value)
    assert str(raised.value).startswith(f"Could not make stages on commerce_batches {batches!r}: ")


@pytest.mark.parametrize("total", [0, 1, 5000])
def test_whether_shares_make_sense_does_not_depend_on_the_fleet(total: int) -> None:
    with pytest.raises(CommerceError):
        ends_of(total, [5, 5, "100%"])


@given(
    st.integers(1, 6000),
    st.sets(st.integers(1, 200), max_size=5),
    st.sets(st.integers(1, 99), max_size=5),
    st.randoms(),
)
def test_stages_grow_and_reach_all(total: int, numbers: set[int], percents: set[int], random: Any) -> None:
    kinds = [False] * len(numbers) + [True] * len(percents)
    random.shuffle(kinds)
    counts, shares = iter(sorted(numbers)), iter(sorted(percents))
    batches = [f"{next(shares)}%" if is_percent else next(counts) for is_percent in kinds]
    ends = ends_of(total, [*batches, "100%"])
    assert ends[-1] == total
    assert all(before < after for before, after in pairwise(ends))


@given(st.integers(1, 6000), st.sets(st.integers(1, 99), max_size=5))
def test_a_part_of_a_store_counts_as_a_whole_one(total: int, percents: set[int]) -> None:
    ends = ends_of(total, [*(f"{share}%" for share in sorted(percents)), "100%"])
    for share in percents:
        assert any(0 <= end * 100 - total * share < 100 for end in ends)
