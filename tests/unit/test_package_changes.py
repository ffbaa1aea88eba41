# Copyright (c) 2026, the storefleet.commerce authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Which packages of two lists differ, and which of these the tool explains."""

from __future__ import annotations

import pytest

from ansible_collections.storefleet.commerce.plugins.module_utils.package_changes import (
    PackageChange,
    entries_of,
    others,
    package_changes,
)

TOOL, CLOUD = "magento/quality-patches", "magento/magento-cloud-patches"


def entry(name: str, version: str = "1.0", commit: str = "", **more) -> dict:
    return {"name": name, "version": version, "dist": {"reference": commit}, **more}


def lists(*entries: dict) -> dict:
    return entries_of(list(entries))


def test_entries_are_those_of_all_lists_that_make_sense() -> None:
    found = entries_of([entry("a"), "strange", {"version": "1"}], None, {}, [entry("b")])
    assert sorted(found) == ["a", "b"]


@pytest.mark.parametrize(
    ("before", "after", "expected"),
    [
        ([entry("a")], [entry("a")], []),
        ([entry("a", "1.0")], [entry("a", "1.1")], ["a 1.0 -> 1.1"]),
        ([], [entry("a")], ["a none -> 1.0"]),
        ([entry("a")], [], ["a 1.0 -> none"]),
        (
            [entry("a", "dev-x", "0123456789")],
            [entry("a", "dev-x", "9876543210")],
            ["a dev-x (0123456) -> dev-x (9876543)"],
        ),
        (
            [{"name": "a", "version": "1", "source": {"reference": "x"}, "dist": []}],
            [{"name": "a", "version": "1"}],
            ["a 1 (x) -> 1"],
        ),
        ([entry("a", **{"install-path": "../a"})], [entry("a", **{"install-path": "../../b"})], ["a 1.0 -> 1.0"]),
        ([entry("a", description="old")], [entry("a", description="new")], []),
    ],
)
def test_another_release_commit_or_place_is_a_change(before, after, expected) -> None:
    assert [str(each) for each in package_changes(lists(*before), lists(*after))] == expected


def names(before: dict, after: dict) -> list:
    return [change.name for change in others(package_changes(before, after), after)]


def test_the_tool_and_what_carries_it_out_may_change() -> None:
    before = lists(entry(TOOL, "1.1.53"), entry(CLOUD, "1.0"))
    assert names(before, lists(entry(TOOL, "1.1.82"), entry(CLOUD, "1.1"))) == []


def test_what_they_need_may_come_and_nothing_else() -> None:
    tool = entry(TOOL, require={CLOUD: "^1.1"})
    cloud = entry(CLOUD, require={"virtual/log": "1", "symfony/yaml": "^6"})
    log = entry("monolog/monolog", provide={"virtual/log": "1"}, require={"psr/log": "*"})
    after = lists(tool, cloud, log, entry("psr/log"), entry("symfony/yaml", "6.1"), entry("acme/stray"))
    assert names(lists(entry("symfony/yaml", "6.0")), after) == ["acme/stray", "symfony/yaml"]


def test_what_goes_is_no_need_of_the_tool_s() -> None:
    assert others((PackageChange(CLOUD, "1.0", None),), {}) == (PackageChange(CLOUD, "1.0", None),)
