# Copyright (c) 2026, the storefleet.commerce authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A waiver makes a store well until its last day is over, and no longer. The run is about that store alone."""

from __future__ import annotations

import pytest

pytestmark = pytest.mark.timeout(1800)
LIMIT = ("--limit", "accepted")


@pytest.mark.parametrize(
    ("waived", "status", "well", "step"),
    [
        ({"accepted": +1}, "waived", True, "It is closed soon"),
        ({"accepted": -1}, "vulnerable", False, "The waiver (It is closed soon) ended on "),
        ({}, "vulnerable", False, ""),
    ],
    ids=["in force", "ended", "none"],
)
def test_what_a_waiver_is_worth(waived, status, well, step, repaired, fleet, seen):
    told = fleet.run("audit", ["accepted"], *LIMIT, waived=waived)
    assert (told.status == 0) is well, told.printed[-6000:]
    assert told.verdicts == {"accepted": f"{status}: unpatched"}
    assert step in told.entry("accepted")["next_step"]
    assert f"accepted: {status} (unpatched)." in told.printed
    # It is as defective as ever, whatever it is called.
    found = seen("accepted")["accepted"]
    assert (found.files, found.resets, found.serves) == ("vendor", {False}, True)


def test_repairs_leave_a_waived_store_alone(repaired):
    assert repaired.told.entry("accepted")["outcome"] in (None, "nothing_to_do")
    assert repaired.told.entry("accepted")["waiver"]["expired"] is False
    assert repaired.seen["accepted"].files == "vendor"
