# Copyright (c) 2026, the storefleet.commerce authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""When stores may be switched, also over midnight, over the end of a week, and when clocks are changed."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from ansible.errors import AnsibleFilterError
from hypothesis import given
from hypothesis import strategies as st

from ansible_collections.storefleet.commerce.plugins.filter.rollout_window import FilterModule, rollout_window
from ansible_collections.storefleet.commerce.plugins.module_utils.errors import CommerceError
from ansible_collections.storefleet.commerce.plugins.plugin_utils.rollout.window import moment_of
from ansible_collections.storefleet.commerce.plugins.plugin_utils.rollout.window_state import window_state

# 2026-11-23 is a Monday; Berlin's winter time is an hour before UTC.
OFFICE = "Mon-Thu 09:00-16:00 Europe/Berlin"
NIGHT = "Mon 22:00-04:00"
ONCE = "2026-11-24T01:00Z/2026-11-24T04:00Z"


def at(window: Any, now: str, seconds: float = 0) -> dict[str, Any]:
    return window_state(window, seconds, moment_of(now))


@pytest.mark.parametrize(
    ("window", "now", "until", "opens"),
    [
        ([OFFICE], "2026-11-23T07:59:59", None, "2026-11-23T08:00:00Z"),
        ([OFFICE], "2026-11-23T08:00:00", "2026-11-23T15:00:00Z", "2026-11-24T08:00:00Z"),
        ([OFFICE], "2026-11-23T14:59:59", "2026-11-23T15:00:00Z", "2026-11-24T08:00:00Z"),
        ([OFFICE], "2026-11-23T15:00:00", None, "2026-11-24T08:00:00Z"),
        ([OFFICE], "2026-11-26T15:00:00", None, "2026-11-30T08:00:00Z"),
        (OFFICE, "2026-11-23T08:00:00", "2026-11-23T15:00:00Z", "2026-11-24T08:00:00Z"),
        (["monday..thursday 9:00 - 16:00 Europe/Berlin"], "2026-11-26T15:00:00", None, "2026-11-30T08:00:00Z"),
        (["Mon,Wed-Thu 09:00-16:00"], "2026-11-24T10:00:00", None, "2026-11-25T09:00:00Z"),
        (["Sat-Mon 09:00-16:00"], "2026-11-23T17:00:00", None, "2026-11-28T09:00:00Z"),
        (["Sat-Mon 09:00-16:00"], "2026-11-23T10:00:00", "2026-11-23T16:00:00Z", "2026-11-28T09:00:00Z"),
        (["09:00-16:00"], "2026-11-29T10:00:00", "2026-11-29T16:00:00Z", "2026-11-30T09:00:00Z"),
        (["Sun 00:00-24:00"], "2026-11-29T23:59:59", "2026-11-30T00:00:00Z", "2026-12-06T00:00:00Z"),
        # Over midnight: the day is that of the beginning.
        ([NIGHT], "2026-11-23T03:00:00", None, "2026-11-23T22:00:00Z"),
        ([NIGHT], "2026-11-23T22:00:00", "2026-11-24T04:00:00Z", "2026-11-30T22:00:00Z"),
        ([NIGHT], "2026-11-24T03:59:59", "2026-11-24T04:00:00Z", "2026-11-30T22:00:00Z"),
        (["Mon 22:00-00:00"], "2026-11-24T00:00:00", None, "2026-11-30T22:00:00Z"),
        # The zone's day is not that of UTC.
        (["Tue 00:00-02:00 Asia/Tokyo"], "2026-11-23T15:30:00", "2026-11-23T17:00:00Z", "2026-11-30T15:00:00Z"),
        (["Mon 20:00-23:00 America/New_York"], "2026-11-24T02:00:00", "2026-11-24T04:00:00Z", "2026-12-01T01:00:00Z"),
        (["Sun 23:00-22:30 America/New_York"], "2026-11-24T03:00:00", "2026-11-24T03:30:00Z", "2026-11-30T04:00:00Z"),
        # Once.
        ([ONCE], "2026-11-23T00:00:00", None, "2026-11-24T01:00:00Z"),
        ([ONCE], "2026-11-24T01:00:00", "2026-11-24T04:00:00Z", None),
        ([ONCE], "2026-11-24T04:00:00", None, None),
        (["2026-11-24T02:00/2026-11-24T05:00 Europe/Berlin"], "2026-11-24T01:00:00", "2026-11-24T04:00:00Z", None),
        (["2026-11-24T02:00+01:00/2026-11-24T05:00:30+01:00"], "2026-11-24T01:00:00", "2026-11-24T04:00:30Z", None),
        (["2026-11-24T01:00/2026-11-24T04:00"], "2026-11-24T01:00:00", "2026-11-24T04:00:00Z", None),
        # Such as touch or overlap are one, in any order.
        ([ONCE, NIGHT], "2026-11-23T22:30:00", "2026-11-24T04:00:00Z", "2026-11-30T22:00:00Z"),
        (["Mon 12:00-13:00", "Mon 11:00-12:00"], "2026-11-23T11:30:00", "2026-11-23T13:00:00Z", "2026-11-30T11:00:00Z"),
        (["Mon 11:00-15:00", "Mon 12:00-13:00"], "2026-11-23T11:30:00", "2026-11-23T15:00:00Z", "2026-11-30T11:00:00Z"),
        # Summer time begins on 2026-03-29 at 02:00 in Berlin, and ends on 2026-10-25 at 03:00.
        (["Sun 01:00-04:00 Europe/Berlin"], "2026-03-29T00:00:00", "2026-03-29T02:00:00Z", "2026-04-04T23:00:00Z"),
        (["Sun 01:00-04:00 Europe/Berlin"], "2026-10-25T00:00:00", "2026-10-25T03:00:00Z", "2026-11-01T00:00:00Z"),
        (["Sat 22:00-04:00 Europe/Berlin"], "2026-03-28T21:00:00", "2026-03-29T02:00:00Z", "2026-04-04T20:00:00Z"),
        # From the hour that is left out: nothing remains of it, and it opens a week later.
        (["Sun 02:30-03:15 Europe/Berlin"], "2026-03-29T00:00:00", None, "2026-04-05T00:30:00Z"),
        (["Sun 02:30-03:15 Europe/Berlin"], "2026-03-23T00:00:00", None, "2026-04-05T00:30:00Z"),
        (["Sun 02:30-03:15 Europe/Berlin"], "2026-03-29T01:20:00", None, "2026-04-05T00:30:00Z"),
    ],
)
def test_when_it_is_open(window: Any, now: str, until: str | None, opens: str | None) -> None:
    state = at(window, now)
    assert (state["until"], state["next_opens"]) == (until, opens)
    assert (state["open"], state["fits"]) == (until is not None, until is not None)


@pytest.mark.parametrize("window", [None, [], ""])
def test_no_window_is_always_open(window: Any) -> None:
    assert window_state(window, 1e9) == {
        "open": True,
        "fits": True,
        "until": None,
        "next_opens": None,
        "seconds_left": None,
        "text": "There is no window: a store may be switched at any time.",
    }


def test_one_that_never_closes_is_open_for_more_than_a_week() -> None:
    state = at(["00:00-24:00"], "2026-11-23T12:00:00")
    assert state["seconds_left"] > 7 * 86400
    assert state["next_opens"] is None


@pytest.mark.parametrize(("seconds", "fits"), [(0, True), (3599, True), (3600, True), (3601, False)])
def test_what_fits(seconds: int, fits: bool) -> None:
    state = at([ONCE], "2026-11-24T03:00:00", seconds)
    assert (state["open"], state["fits"], state["seconds_left"]) == (True, fits, 3600)


@pytest.mark.parametrize(
    ("window", "now", "seconds", "text"),
    [
        ([OFFICE], "2026-11-23T10:00:00", 60, "The window is open until Mon 2026-11-23 16:00 Europe/Berlin."),
        ([OFFICE], "2026-11-23T16:00:00", 0, "The window is closed. It opens on Tue 2026-11-24 09:00 Europe/Berlin."),
        ([ONCE], "2026-11-25T16:00:00", 0, "The window is over, and no other opens."),
        (
            [OFFICE],
            "2026-11-23T14:58:30",
            1800,
            (
                "The window is open until Mon 2026-11-23 16:00 Europe/Berlin, for 90 s. "
                "What is to begin takes about 30 min. It opens again on Tue 2026-11-24 09:00 Europe/Berlin."
            ),
        ),
        (
            [ONCE],
            "2026-11-24T01:30:00",
            3 * 3600 + 60,
            (
                "The window is open until Tue 2026-11-24 04:00 UTC, for 2 h 30 min. "
                "What is to begin takes about 3 h 1 min. It does not open again."
            ),
        ),
    ],
)
def test_what_it_says(window: Any, now: str, seconds: int, text: str) -> None:
    assert at(window, now, seconds)["text"] == text


@pytest.mark.parametrize(
    ("entry", "sentence"),
    [
        ("always", "it has neither of the two forms. Write it as Mon-Thu 09:00-16:00 Europe/Berlin"),
        ("Mon", "it has neither of the two forms"),
        ("Mon 9-16", "it has neither of the two forms"),
        ("Mon Tue 09:00-16:00", "it has neither of the two forms"),
        (5, "it has neither of the two forms"),
        (None, "it has neither of the two forms"),
        ("Mun 09:00-16:00", "mun is no day of the week. The days are Mon"),
        ("Mon-Wed-Fri 09:00-16:00", "mon-wed-fri is no range of days"),
        ("Mon 09:00-24:01", "24:01 is no time of a day"),
        ("Mon 09:60-10:00", "09:60 is no time of a day"),
        ("Mon 24:00-02:00", "no day begins at 24:00"),
        ("Mon 09:00-09:00", "it ends when it begins. Write 00:00-24:00 for a whole day."),
        ("Mon 09:00-16:00 Europe/Berlim", "this machine knows no time zone Europe/Berlim. Name one as Europe/Berlin"),
        ("Mon 09:00-16:00 Europe", "this machine knows no time zone Europe."),
        ("Mon 09:00-16:00 ../../etc/passwd", "this machine knows no time zone ../../etc/passwd"),
        ("2026-11-24T25:00Z/2026-11-25T04:00Z", "2026-11-24T25:00Z is no date and time"),
        ("2026-11-24T05:00Z/2026-11-24T04:00Z", "it does not end after it begins"),
        ("2026-11-24T05:00Z/2026-11-24T06:00+01:00", "it does not end after it begins"),
    ],
)
def test_what_is_no_window(entry: Any, sentence: str) -> None:
    with pytest.raises(CommerceError) as raised:
        window_state([OFFICE, entry])
    assert raised.value.code == "bad_window"
    assert f"Could not read a time on commerce_window {entry!r}: {sentence}" in str(raised.value)


@pytest.mark.parametrize("window", [5, True, {"Mon 09:00-16:00": 1}])
def test_a_window_is_a_list_of_texts(window: Any) -> None:
    with pytest.raises(CommerceError, match="it is not a list of texts"):
        window_state(window)


def test_the_clock_is_asked_if_no_time_is_given() -> None:
    now = datetime.now(UTC)
    hour = timedelta(hours=1)
    assert window_state([f"{(now - hour).isoformat()}/{(now + hour).isoformat()}"])["open"]
    assert not window_state([f"{(now - hour).isoformat()}/{(now - hour / 60).isoformat()}"])["open"]


def test_the_filter_tells_errors_as_ansible_does() -> None:
    assert FilterModule().filters() == {"rollout_window": rollout_window}
    assert rollout_window([ONCE], "600", now="2026-11-24T03:51:00Z")["fits"] is False
    assert rollout_window([ONCE], "600", now="2026-11-24T03:50:00Z")["fits"] is True
    assert rollout_window([])["open"] is True
    for arguments in ((["never"],), ([ONCE], "long"), ([ONCE], None), ([ONCE], 0, "soon")):
        with pytest.raises(AnsibleFilterError):
            rollout_window(*arguments)


ENTRIES = st.sampled_from(
    [OFFICE, NIGHT, ONCE, "Sat-Sun 01:30-03:30 Europe/Berlin", "Fri 23:00-22:00 America/New_York"]
)


@given(
    st.lists(ENTRIES, min_size=1),
    st.datetimes(datetime(2026, 1, 1), datetime(2027, 12, 31), timezones=st.just(UTC)),
)
def test_what_is_true_at_every_moment(window: list[str], now: datetime) -> None:
    state = window_state(window, 0, now)
    second = timedelta(seconds=1)
    if state["open"]:
        closes = moment_of(state["until"])
        assert window_state(window, 0, closes - second)["open"]
        assert not window_state(window, 0, closes)["open"]
        assert state["seconds_left"] == int((closes - now).total_seconds())
    if state["next_opens"]:
        opens = moment_of(state["next_opens"])
        assert opens > now
        assert window_state(window, 0, opens)["open"]
        assert not window_state(window, 0, opens - second)["open"]
