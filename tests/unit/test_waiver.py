# Copyright (c) 2026, the storefleet.commerce authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A waiver: what is taken for one, and how long it is in force."""

from __future__ import annotations

from datetime import date

import pytest

from ansible_collections.storefleet.commerce.plugins.module_utils.errors import CommerceError
from ansible_collections.storefleet.commerce.plugins.module_utils.waiver import Waiver, waiver_of

TODAY = date(2026, 11, 23)


def given(expires: object = "2026-12-31", reason: object = "Closed in January.") -> dict:
    return {"reason": reason, "expires": expires}


def test_a_waiver_has_a_reason_and_a_last_day() -> None:
    assert waiver_of(given(), TODAY) == Waiver("Closed in January.", "2026-12-31", expired=False)


@pytest.mark.parametrize(("expires", "expired"), [("2026-11-24", False), ("2026-11-23", False), ("2026-11-22", True)])
def test_it_is_in_force_through_its_last_day(expires: str, expired: bool) -> None:
    assert waiver_of(given(expires), TODAY).expired is expired


def test_a_date_that_yaml_has_read_is_a_day_too() -> None:
    assert waiver_of(given(date(2026, 12, 31)), TODAY).expires == "2026-12-31"


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
        waiver_of(given(expires), TODAY)
    assert caught.value.code == "bad_waiver"


@pytest.mark.parametrize("reason", ["", None, " \n"])
def test_a_waiver_without_a_reason_is_refused(reason: object) -> None:
    with pytest.raises(CommerceError, match="has no reason") as caught:
        waiver_of(given(reason=reason), TODAY)
    assert caught.value.code == "bad_waiver"


def test_a_reason_is_one_line() -> None:
    assert waiver_of(given(reason=" Closed\n  in January.\n"), TODAY).reason == "Closed in January."


def test_an_error_names_the_waiver_where_its_host_is_known() -> None:
    with pytest.raises(CommerceError, match="the waiver on web1"):
        waiver_of({"host": "web1", **given("soon")}, TODAY)
    with pytest.raises(CommerceError, match="the waiver on this store"):
        waiver_of(given("soon"), TODAY)
