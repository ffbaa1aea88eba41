# Copyright (c) 2026, the storefleet.commerce authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Versions in Composer's order, and constraints as Composer reads them."""

from __future__ import annotations

import contextlib
import itertools
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ansible_collections.storefleet.commerce.plugins.module_utils.errors import CommerceError
from ansible_collections.storefleet.commerce.plugins.module_utils.version import Version, satisfies

ORDERED = [
    "2.4.5-p14",
    "2.4.6-dev",
    "2.4.6-alpha1",
    "2.4.6-beta",
    "2.4.6-beta2",
    "2.4.6-beta10",
    "2.4.6-RC1",
    "2.4.6",
    "2.4.6-p1",
    "2.4.6-p9",
    "2.4.6-p10",
    "2.4.7-beta1",
    "2.4.7",
    "2.4.7-p1",
    "2.4.10",
    "2.5.0",
]


SHUFFLED = ORDERED[1::2] + ORDERED[::2]


def test_order():
    assert sorted(SHUFFLED, key=Version.parse) == ORDERED


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("2.4.6", "2.4.6.0"),
        ("v2.4.6", "2.4.6"),
        ("2.4.6-p3", "2.4.6-patch3"),
        ("1.0+build", "1.0.0"),
        ("1.0-stable2", "1.0"),
    ],
)
def test_spellings_of_one_version(one, other):
    assert Version.parse(one) == Version.parse(other)


@pytest.mark.parametrize(
    "text", ["", "2.4.x", "1.2.3.4.5", "2.4.6; rm", "latest", "feature-dev", "1" * 19, "1." + "0" * 500]
)
def test_no_version(text):
    with pytest.raises(CommerceError) as caught:
        Version.parse(text)
    assert caught.value.code == "bad_version"


@pytest.mark.parametrize(
    ("constraint", "inside", "outside"),
    [
        (">=2.4.6 <2.4.7", "2.4.6 2.4.6-p1 2.4.6-p15", "2.4.5-p10 2.4.7-beta1 2.4.7 2.4.8"),
        (">=2.4.6, <2.4.7", "2.4.6-p3", "2.4.7"),
        (">= 2.4.6 < 2.4.7", "2.4.6-p3", "2.4.7"),
        (">=2.3.6 <=2.3.7-p1 || >=2.4.1 <2.4.4", "2.3.7 2.3.7-p1 2.4.3-p2", "2.3.7-p2 2.4.0 2.4.4"),
        (">2.3.1 <2.4.2", "2.3.1-p1 2.4.1", "2.3.1 2.4.2"),
        ("^1.1.54", "1.1.54 1.1.82 1.9.0", "1.1.53 2.0.0 2.0.0-beta1"),
        ("^0.3.1", "0.3.1 0.3.9", "0.3.0 0.4.0"),
        ("^0.0.3", "0.0.3", "0.0.4"),
        ("~2.4.4", "2.4.4 2.4.9", "2.4.3 2.5.0"),
        ("~2.4", "2.4.0 2.9.0", "3.0.0"),
        ("2.4.*", "2.4.0 2.4.6-p3", "2.5.0 2.3.9"),
        ("*", "0.0.1 9.9.9", ""),
        ("2.4.0", "2.4.0", "2.4.0-p1 2.4.1"),
        ("=2.4.0", "2.4.0", "2.4.1"),
        (">=2.4 !=2.4.3", "2.4.2 2.4.4", "2.4.3"),
        ("2.4.0 - 2.4.3", "2.4.0 2.4.3", "2.4.3-p1"),
        ("2.4.0 - 2.4", "2.4.0 2.4.9", "2.5.0"),
        (">=2.4.6@stable", "2.4.6", "2.4.5"),
        (">=2.4.6 <2.4.7 | 2.5.0", "2.4.6 2.5.0", "2.4.7"),
        ("dev-main || 2.4.6", "dev-main 2.4.6", "dev-other 2.4.7"),
        ("*", "dev-main 2.4.6", ""),
        (">=0", "2.4.6", "dev-main"),
        ("<9", "2.4.6", "dev-main"),
        ("!=2.4.6", "dev-main 2.4.7", "2.4.6"),
        ("2.4.x-dev", "2.4.x-dev", "2.4.6 2.4.9999999"),
        ("~2.4.x-dev", "2.4.x-dev", "2.4.6 2.5.0"),
        (">=2.4.6@beta", "2.4.6-beta 2.4.6", "2.4.6-alpha2"),
        ("2.4.6-p1 - 2.4.6-p9", "2.4.6-p1 2.4.6-p9", "2.4.6 2.4.6-p1-dev 2.4.6-p10"),
    ],
)
def test_constraints(constraint, inside, outside):
    assert [version for version in inside.split() if not satisfies(version, constraint)] == []
    assert [version for version in outside.split() if satisfies(version, constraint)] == []


@pytest.mark.parametrize(
    "constraint", ["", ">=", ">=2.4.6 <x", ">=2.4.*", "~>2.4", "2.4.6 ||", "=>2", ">=" + "1" * 19, "1 " * 300]
)
def test_no_constraint(constraint):
    with pytest.raises(CommerceError) as caught:
        satisfies("2.4.6", constraint)
    assert caught.value.code == "bad_version"


versions = st.builds(
    "{}.{}.{}{}".format,
    *[st.integers(0, 30)] * 3,
    st.sampled_from(["", "-p1", "-p10", "-beta1", "-RC2", "-dev", "-alpha3", "-p1-dev", "-beta1.2"]),
)
anything = versions | st.sampled_from(["dev-main", "dev-other", "2.4.x-dev", "20100102", "1.0-stable", "v3"])


@given(versions, versions)
def test_bounds_agree_with_the_order(one, other):
    before, after = sorted([one, other], key=Version.parse)
    assert satisfies(after, f">={before}")
    assert satisfies(before, f"<={after}")
    assert satisfies(one, f">{other}") == (Version.parse(one) > Version.parse(other))
    assert satisfies(one, one)
    assert satisfies(one, f"!={other}") == (Version.parse(one) != Version.parse(other))


@given(anything, anything, anything)
def test_the_order_is_total(one, other, third):
    low, middle, high = sorted(map(Version.parse, (one, other, third)))
    assert low <= middle <= high
    assert low <= high
    for left, right in itertools.product((low, middle, high), repeat=2):
        assert [left < right, left == right, left > right].count(True) == 1


@given(anything)
def test_normal_form_is_the_same_version(text):
    version = Version.parse(text)
    assert Version.parse(version.normal) == version
    assert Version.parse(version.normal).normal == version.normal
    assert str(version) == text


@given(st.text(max_size=30), st.text(max_size=30))
def test_any_text_is_read_or_refused(version, constraint):
    try:
        assert satisfies(version, constraint) in (True, False)
    except CommerceError as error:
        assert error.code == "bad_version"  # noqa: PT017 what raises nothing is as good


@pytest.mark.parametrize("text", ["1" * 18 + "x", "1-" * 200, "1.0" + "-beta" * 80, " " * 400 + "x", "1 , " * 100])
def test_long_texts_take_no_time(text):
    started = time.process_time()
    with contextlib.suppress(CommerceError):
        satisfies("2.4.6", text)
    with contextlib.suppress(CommerceError):
        Version.parse(text)
    assert time.process_time() - started < 0.2
