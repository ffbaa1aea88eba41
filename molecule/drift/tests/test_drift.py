# Copyright (c) 2026, the storefleet.commerce authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A fleet that is repaired, loses the patch by Composer, is found out, and is repaired again: night after night."""

from __future__ import annotations

import pytest

# Each waits for the nights before it.
pytestmark = pytest.mark.timeout(1800)
PATCHED = ("compiled", "developer-mode")


def test_the_fleet_is_repaired_and_that_is_what_the_next_night_is_compared_with(repaired):
    told, seen = repaired
    assert told.status == 0, told.printed[-6000:]
    assert told.verdicts == {
        "accepted": "waived: unpatched",
        "compiled": "compliant: patched",
        "developer-mode": "compliant: patched",
        "fixed-upstream": "compliant: fixed_upstream",
    }
    assert {name: (seen[name].files, seen[name].resets) for name in seen} == {
        "accepted": ("vendor", {False}),
        "compiled": ("other", {True}),
        "developer-mode": ("other", {True}),
        "fixed-upstream": ("vendor", {True}),
    }
    assert all(each.serves for each in seen.values())
    assert told.report["drift"]["baseline"] is None
    assert told.drift == {}
    assert told.baseline == told.report["run"]["id"]


def test_composer_takes_the_patch_away_and_nobody_notices(taken_away):
    assert {name: (each.files, each.resets) for name, each in taken_away.items()} == {
        # Its observers are those that are cached.
        "compiled": ("vendor", {True}),
        # Composer's plugin has had its caches removed.
        "developer-mode": ("vendor", {False}),
        "fixed-upstream": ("vendor", {True}),
    }
    assert all(each.serves for each in taken_away.values())


@pytest.mark.parametrize("by", ["limit", "check", "slice"])
def test_a_run_of_less_than_the_fleet_is_not_what_the_next_one_is_compared_with(by, narrowed, repaired):
    told = narrowed[by]
    first = repaired.told.report["run"]["id"]
    assert told.report["run"]["id"] != first
    assert told.report["drift"]["baseline"]["run"] == first
    assert told.baseline == first
    # A check tries no login, and files without the patch are enough.
    assert told.report["drift"]["lost"] == {"limit": ["compiled"]}.get(by, [*PATCHED])
    assert told.drift.get("gone", []) == []


def test_what_was_lost_is_found_by_the_first_run_of_the_whole_fleet(first_night, repaired):
    told, seen = first_night
    assert told.status != 0
    assert told.verdicts == {
        "accepted": "vulnerable: unpatched",
        # It behaves well, and will not for long.
        "compiled": "vulnerable: will_regress",
        "developer-mode": "vulnerable: unpatched",
        "fixed-upstream": "unknown: unreachable",
        "opened": "compliant: patched",
    }
    assert told.drift == {
        "lost": ["compiled", "developer-mode"],
        "changed": ["accepted", "fixed-upstream"],
        "new": ["opened"],
    }
    assert told.report["drift"]["baseline"]["run"] == repaired.told.report["run"]["id"]
    assert told.report["drift"]["was"] == {
        "accepted": {"status": "waived", "reason": "unpatched"},
        "compiled": {"status": "compliant", "reason": "patched"},
        "developer-mode": {"status": "compliant", "reason": "patched"},
        "fixed-upstream": {"status": "compliant", "reason": "fixed_upstream"},
    }
    evidence = told.entry("compiled")["evidence"]["apis"]
    assert {(api["files"], api["behaviour"]) for api in evidence.values()} == {("unpatched", "fixed")}
    # What was last known of the one that is away is no evidence, and is not forgotten.
    carried = told.entry("fixed-upstream")["carried"]
    assert (carried["status"], carried["run"]) == ("compliant", repaired.told.report["run"]["id"])
    # The audit itself has changed nothing of that.
    assert {name: (seen[name].files, seen[name].resets) for name in PATCHED} == {
        "compiled": ("vendor", {True}),
        "developer-mode": ("vendor", {False}),
    }


def test_a_loss_is_told_once(second_night, first_night):
    told, seen = second_night
    assert told.status != 0
    assert (seen["compiled"].files, seen["compiled"].resets, seen["compiled"].serves) == ("vendor", {False}, True)
    assert told.report["drift"]["baseline"]["run"] == first_night.told.report["run"]["id"]
    assert told.verdicts == {
        "compiled": "vulnerable: unpatched",
        "developer-mode": "vulnerable: unpatched",
        "fixed-upstream": "compliant: fixed_upstream",
        "opened": "compliant: patched",
    }
    # The one that was away for a night is as it was known to be: not gained.
    assert told.drift == {"changed": ["compiled", "fixed-upstream"], "gone": ["accepted"]}
    assert told.report["drift"]["same"] == 2
    assert told.report["drift"]["was"]["compiled"] == {"status": "vulnerable", "reason": "will_regress"}
    assert told.report["drift"]["was"]["accepted"] == {"status": "vulnerable", "reason": "unpatched"}


def test_what_is_repaired_again_is_gained(third_night):
    told, seen = third_night
    assert told.status == 0, told.printed[-6000:]
    assert told.drift == {"gained": ["compiled", "developer-mode"]}
    assert set(told.verdicts.values()) == {"compliant: patched", "compliant: fixed_upstream"}
    assert {name: (seen[name].files, seen[name].resets) for name in PATCHED} == dict.fromkeys(
        PATCHED, ("other", {True})
    )


def test_what_is_found_lost_and_repaired_by_one_run_has_recovered(fourth_night):
    told, seen = fourth_night
    assert told.status == 0, told.printed[-6000:]
    assert told.drift == {"recovered": ["developer-mode"]}
    assert told.entry("developer-mode")["before"] == {"status": "vulnerable", "reason": "unpatched"}
    assert (seen["developer-mode"].files, seen["developer-mode"].resets) == ("other", {True})
