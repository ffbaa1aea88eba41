# Copyright (c) 2026, the storefleet.commerce authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A waiver: what is taken for one, and how long it is in force."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta, timezone

import pytest

from ansible_collections.storefleet.commerce.plugins.module_utils.errors import CommerceError
from ansible_collections.storefleet.commerce.plugins.module_utils.waiver import Waiver, waiver_of

NOON = datetime(2026, 11, 23, 12, tzinfo=UTC)
EAST = timezone(timedelta(hours=10))
WEST = timezone(timedelta(hours=-10))


def given(expires: object = "2026-12-31", reason: object = "Closed in January.") -> dict:
    return {"reason": reason, "expires": expires}


def test_a_waiver_has_a_reason_and_a_last_day() -> None:
    assert waiver_of(given(), NOON) == Waiver("Closed in January.", "2026-12-31", expired=False)


@pytest.mark.parametrize(
    ("expires", "now", "expired"),
    [
        ("2026-11-24", NOON, False),
        ("2026-11-22", NOON, True),
        ("2026-11-23", datetime(2026, 11, 23, 23, 59, 59, tzinfo=UTC), False),
        ("2026-11-22", datetime(2026, 11, 23, 0, 0, 0, tzinfo=UTC), True),
        # The same moments on clocks that already, or still, show another day.
        ("2026-11-23", datetime(2026, 11, 24, 9, 59, tzinfo=EAST), False),
        ("2026-11-22", datetime(2026, 11, 22, 14, 0, tzinfo=WEST), True),
    ],
)
def test_it_is_in_force_through_the_end_of_its_last_day_by_utc(expires: str, now: datetime, expired: bool) -> None:
    assert waiver_of(given(expires), now).expired is expired


def test_without_a_time_it_is_now() -> None:
    assert waiver_of(given("2026-01-01")).expired
    assert not waiver_of(given("9999-12-31")).expired


def test_a_date_that_yaml_has_read_is_a_day_too() -> None:
    assert waiver_of(given(date(2026, 12, 31)), NOON).expires == "2026-12-31"


@pytest.mark.parametrize(
    "expires",
    [
        "",
        None,
        "soon",
        "31.12.2026",
        "2026-02-30",
        "20261231",
        "2026-W53-4",
        "2026-12-31 10:00",
        "2026-12-31T00:00",
        2026,
    ],
)
def test_what_is_no_day_is_refused(expires: object) -> None:
    with pytest.raises(CommerceError, match="YYYY-MM-DD") as caught:
        waiver_of(given(expires), NOON)
    assert caught.value.code == "bad_waiver"


@pytest.mark.parametrize("reason", ["", None, " \n"])
def test_a_waiver_without_a_reason_is_refused(reason: object) -> None:
    with pytest.raises(CommerceError, match="has no reason") as caught:
        waiver_of(given(reason=reason), NOON)
    assert caught.value.code == "bad_waiver"


def test_a_reason_is_one_line() -> None:
    assert waiver_of(given(reason=" Closed\n  in January.\n"), NOON).reason == "Closed in January."


def test_an_error_names_the_waiver_where_its_host_is_known() -> None:
    with pytest.raises(CommerceError, match="the waiver on web1"):
        waiver_of({"host": "web1", **given("soon")}, NOON)
    with pytest.raises(CommerceError, match="the waiver on this store"):
        waiver_of(given("soon"), NOON)
