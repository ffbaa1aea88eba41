# Copyright (c) 2026, the storefleet.commerce authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The waivers of an inventory: which one is a host's, and which ones are nobody's."""

from __future__ import annotations

from datetime import date

import pytest
from ansible.errors import AnsibleFilterError

from ansible_collections.storefleet.commerce.plugins.filter import waiver as waiver_filter
from ansible_collections.storefleet.commerce.plugins.filter.waiver import FilterModule
from ansible_collections.storefleet.commerce.plugins.module_utils.errors import CommerceError
from ansible_collections.storefleet.commerce.plugins.plugin_utils.waivers import waiver_for, waivers_of_nobody

TODAY = date(2026, 11, 23)


def waiver(host: str, reason: str, expires: str = "2999-12-31") -> dict:
    return {"host": host, "reason": reason, "expires": expires}


WAIVERS = [
    waiver("shop", "The whole store."),
    waiver("web1", "The node."),
    waiver("web3", "Of before.", "2026-01-31"),
    waiver("web3", "Of now.", "2027-01-31"),
    waiver("web3", "Of between.", "2026-12-31"),
    waiver("web4", "Over.", "2026-01-31"),
]


@pytest.mark.parametrize(
    ("host", "store", "reason"),
    [
        ("web1", None, "The node."),
        ("web1", "shop", "The node."),
        ("web2", "shop", "The whole store."),
        ("shop", None, "The whole store."),
        ("web3", "web3", "Of now."),
        ("web2", None, None),
        ("web", "sho", None),
    ],
)
def test_a_host_has_its_own_waiver_or_its_stores(host: str, store: str | None, reason: str | None) -> None:
    found = waiver_for(WAIVERS, host, store, TODAY)
    assert (found and found.reason) == reason


def test_one_that_is_over_is_a_waiver_still() -> None:
    assert waiver_for(WAIVERS, "web4", None, TODAY).expired


@pytest.mark.parametrize(
    ("bad", "told"),
    [
        ({"host": "web9", "reason": "No day."}, "it has host, reason"),
        ({"host": "web9", "reason": "Two days.", "expires": "2026-12-31", "until": "2026-12-31"}, "until"),
        ({}, "it has nothing"),
        ("web1", "it is 'web1'"),
    ],
)
def test_what_is_no_waiver_is_refused_whosever_it_is(bad: object, told: str) -> None:
    with pytest.raises(CommerceError, match=told) as caught:
        waiver_for([*WAIVERS, bad], "web1", None, TODAY)
    assert caught.value.code == "bad_waiver"


def test_a_day_that_is_none_concerns_its_host_only() -> None:
    waivers = [*WAIVERS, waiver("web9", "A typing error.", "2026-13-01")]
    assert waiver_for(waivers, "web1", None, TODAY).reason == "The node."
    with pytest.raises(CommerceError, match="the waiver on web9"):
        waiver_for(waivers, "web9", None, TODAY)


def test_waivers_of_nobody_are_found() -> None:
    waivers = [*WAIVERS, waiver("gone", "Sold."), waiver("old", "Sold."), waiver("gone", "Sold again.")]
    assert waivers_of_nobody(waivers, ["web1", "web3", "web4", "shop"]) == ["gone", "old"]
    assert waivers_of_nobody(WAIVERS, ["web1", "web3", "web4", "shop", "web2"]) == []


def test_the_filter_gives_what_the_module_takes() -> None:
    of = FilterModule().filters()["waiver"]
    assert of(WAIVERS, "web2", "shop") == {"reason": "The whole store.", "expires": "2999-12-31"}
    assert of(WAIVERS, "web2") is None
    assert of(WAIVERS, "web4") == {"reason": "Over.", "expires": "2026-01-31"}
    assert of(WAIVERS, "web4", in_force=True) is None
    assert of(WAIVERS, "web1", in_force=True)["reason"] == "The node."


@pytest.mark.parametrize(("day", "in_force"), [("2026-01-31", True), ("2026-02-01", False)])
def test_the_filter_goes_by_the_day_of_the_run(monkeypatch: pytest.MonkeyPatch, day: str, in_force: bool) -> None:
    monkeypatch.setattr(waiver_filter, "day_of_run", lambda: date.fromisoformat(day))
    assert bool(waiver_filter.waiver(WAIVERS, "web4", in_force=True)) is in_force


def test_the_filter_says_what_is_wrong() -> None:
    with pytest.raises(AnsibleFilterError, match="YYYY-MM-DD"):
        FilterModule().filters()["waiver"]([waiver("web1", "Closed.", "soon")], "web1")
